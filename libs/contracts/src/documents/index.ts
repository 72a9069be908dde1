export type { Intent } from './intent.schema.js';
export { assetDocumentSchema, type AssetDocument } from './asset.schema.js';
export { collectionDocumentSchema, type CollectionDocument, type Threshold } from './collection.schema.js';
export {
  CROP_BYTES,
  CROP_SIDE,
  decodeCrops,
  decodeEmbeddings,
  encodeCrops,
  encodeEmbeddings,
  type CropsHeader,
  type EmbeddingsHeader,
} from './derived.schema.js';
export type { DetectedFace, FaceQualityRecord } from './face.schema.js';
export { personDocumentSchema, type PersonDocument, type Reference } from './person.schema.js';
export type { Photo } from './photo.schema.js';
export {
  resultDocumentSchema,
  type Candidate,
  type Decision,
  type DoneResult,
  type Enrolment,
  type FailedResult,
  type ResultDocument,
  type ResultFace,
} from './result.schema.js';
export { sourceName, sourceSchema, sourceText, type Source } from './source.schema.js';
