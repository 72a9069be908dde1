export { intentSchema, type Intent } from './intent.schema.js';
export { assetDocumentSchema, type AssetDocument } from './asset.schema.js';
export {
  collectionDocumentSchema,
  qualityProfileSchema,
  thresholdSchema,
  type CollectionDocument,
  type QualityProfile,
  type Threshold,
} from './collection.schema.js';
export {
  CROP_BYTES,
  CROP_SIDE,
  decodeCrops,
  decodeEmbeddings,
  encodeCrops,
  encodeEmbeddings,
  type CropsHeader,
  type EmbeddingsHeader,
  firstAssetIn,
} from './derived.schema.js';
export { detectedFaceSchema, type DetectedFace, type FaceQualityRecord } from './face.schema.js';
export { matchChangeSchema, type MatchChange } from './match-change.schema.js';
export { metadataSchema, personDocumentSchema, type PersonDocument, type Reference } from './person.schema.js';
export { outboxMarkSchema, type OutboxMark } from './outbox.schema.js';
export { isPhotoName, PHOTO_EXTENSIONS } from './photo.names.js';
export { photoSchema, type Photo } from './photo.schema.js';
export {
  type QualityBarsRecord,
  type QualityFinding,
  type QualityGates,
  type QualityReason,
  type Withheld,
  qualityBarsSchema,
  qualityFindingSchema,
  qualityGatesSchema,
  qualityReasonSchema,
  withheldSchema,
} from './quality-bars.schema.js';
export {
  decisionSchema,
  enrolmentRefusalSchema,
  resultDocumentSchema,
  resultFaceSchema,
  type Candidate,
  type Decision,
  type DoneResult,
  type Enrolment,
  type EnrolmentRefusal,
  type FailedResult,
  type ResultDocument,
  type ResultFace,
} from './result.schema.js';
export { sourceName, sourceSchema, sourceText, urlName, type Source } from './source.schema.js';
export { apiKeyDocumentSchema, scopeSchema, type ApiKeyDocument, type Scope } from './access.schema.js';
export {
  erasedCountsSchema,
  receiptDocumentSchema,
  suppressionDocumentSchema,
  type ErasedCounts,
  type ReceiptDocument,
  type SuppressionDocument,
} from './erasure.schema.js';
export { bulkItemSchema, type BulkItem } from './bulk-item.schema.js';
export {
  bulkJobDocumentSchema,
  bulkOptionsSchema,
  bulkOutcomeSchema,
  bulkProgressDocumentSchema,
  bulkSourceSchema,
  ledgerEntrySchema,
  type BulkCounts,
  type BulkJobDocument,
  type BulkOptions,
  type BulkOutcome,
  type BulkProgressDocument,
  type BulkSource,
  type LedgerEntry,
} from './bulk.schema.js';
export {
  attemptStateSchema,
  deliveryAttemptSchema,
  MAX_EXCERPT,
  type AttemptState,
  type DeliveryAttempt,
} from './delivery-attempt.schema.js';
export { matchesFilter, type EventFacts } from './webhook.filter.js';
export {
  webhookEndpointDocumentSchema,
  webhookFilterSchema,
  type WebhookEndpointDocument,
  type WebhookFilter,
  type WebhookSecret,
} from './webhook.schema.js';
