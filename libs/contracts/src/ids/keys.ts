/**
 * Where every durable fact lives in the object store. S3 is the book: what is not under one of these keys can be
 * lost, what is can be rebuilt from.
 *
 * Photos and what models make of them are filed by content, so the same bytes are worked on once; documents are
 * filed by the thing they describe.
 */
// Two characters of fan-out: a file system gets 256 folders, not one per photo, each of which it would have to make.
const fan = (sha256: string): string => `${sha256.slice(0, 2)}/${sha256}`;

export const keys = {
  photo: (tenant: string, sha256: string) => `tenants/${tenant}/photos/${fan(sha256)}`,
  crops: (tenant: string, contract: string, sha256: string) =>
    `tenants/${tenant}/derived/${contract}/${fan(sha256)}.crops`,
  embeddings: (tenant: string, contract: string, sha256: string) =>
    `tenants/${tenant}/derived/${contract}/${fan(sha256)}.embeddings`,
  /** Has a folder for each model contract. */
  derived: (tenant: string) => `tenants/${tenant}/derived/`,
  /** Names an asset that works with these bytes; while there is one, photo and derived objects stay. */
  use: (tenant: string, sha256: string, collection: string, assetId: string) =>
    `${keys.uses(tenant, sha256)}${collection}.${assetId}`,
  uses: (tenant: string, sha256: string) => `tenants/${tenant}/uses/${fan(sha256)}.`,
  /** A photo as it was handed in; the asset's source points here. */
  upload: (tenant: string, uploadId: string) => `${keys.uploads(tenant)}${uploadId}`,
  uploads: (tenant: string) => `tenants/${tenant}/uploads/`,
  /** The job of an asset that the API accepted: proof of acceptance, and the way from the asset's id to its collection. */
  intake: (tenant: string, assetId: string) => `${keys.intakes(tenant)}${assetId}.json`,
  intakes: (tenant: string) => `tenants/${tenant}/intake/`,
  /** What a question leaves behind until it is answered. */
  scratch: (tenant: string, probeId: string) => `${keys.scratches(tenant)}${probeId}/`,
  scratches: (tenant: string) => `tenants/${tenant}/scratch/`,
  apiKey: (tenant: string, keyId: string) => `${keys.apiKeys(tenant)}${keyId}.json`,
  apiKeys: (tenant: string) => `tenants/${tenant}/keys/`,
  webhook: (tenant: string, webhookId: string) => `${keys.webhooks(tenant)}${webhookId}.json`,
  webhooks: (tenant: string) => `tenants/${tenant}/webhooks/`,
  receipt: (tenant: string, receiptId: string) => `tenants/${tenant}/receipts/${receiptId}.json`,
  /** Something whose events may be untold. */
  outboxMark: (tenant: string, markId: string) => `${keys.outboxMarks(tenant)}${markId}.json`,
  outboxMarks: (tenant: string) => `tenants/${tenant}/outbox/`,
  suppression: (tenant: string, collection: string) => `tenants/${tenant}/collections/${collection}/suppression.json`,
  bulkJobs: (tenant: string) => `tenants/${tenant}/jobs/`,
  bulkJob: (tenant: string, jobId: string) => `${keys.bulkJobs(tenant)}${jobId}/job.json`,
  bulkProgress: (tenant: string, jobId: string) => `${keys.bulkJobs(tenant)}${jobId}/progress.json`,
  /** Outcomes of consecutive items, named after the place of the first among all items, from 1. */
  bulkSegment: (tenant: string, jobId: string, firstPlace: number) =>
    `${keys.bulkSegments(tenant, jobId)}${String(firstPlace).padStart(12, '0')}.jsonl.gz`,
  bulkSegments: (tenant: string, jobId: string) => `${keys.bulkJobs(tenant)}${jobId}/ledger/`,
  /** Says, by a digest, who was erased while the job ran. */
  bulkErased: (tenant: string, jobId: string, digest: string) => `${keys.bulkErasedPeople(tenant, jobId)}${digest}`,
  bulkErasedPeople: (tenant: string, jobId: string) => `${keys.bulkJobs(tenant)}${jobId}/erased/`,
  /** Items that were handed in with the request. */
  bulkItems: (tenant: string, jobId: string) => `${keys.bulkJobs(tenant)}${jobId}/items.jsonl`,
  bulkResults: (tenant: string, jobId: string) => `${keys.bulkJobs(tenant)}${jobId}/results.jsonl.gz`,
  bulkSummary: (tenant: string, jobId: string) => `${keys.bulkJobs(tenant)}${jobId}/summary.json`,
  /** Says that a job has not ended, so that those are found without looking at any other. */
  bulkUnfinished: (tenant: string, jobId: string) => `${keys.bulkUnfinishedJobs()}${tenant}.${jobId}`,
  bulkUnfinishedJobs: () => 'bulk/unfinished/',
  tenants: () => 'tenants/',
  asset: (tenant: string, collection: string, assetId: string) => `${keys.assets(tenant, collection)}${assetId}.json`,
  assets: (tenant: string, collection: string) => `tenants/${tenant}/collections/${collection}/assets/`,
  result: (tenant: string, collection: string, assetId: string) => `${keys.results(tenant, collection)}${assetId}.json`,
  results: (tenant: string, collection: string) => `tenants/${tenant}/collections/${collection}/results/`,
  collection: (tenant: string, collection: string) => `tenants/${tenant}/collections/${collection}/collection.json`,
  collections: (tenant: string) => `tenants/${tenant}/collections/`,
  person: (tenant: string, collection: string, personId: string) =>
    `${keys.people(tenant, collection)}${personId}.json`,
  people: (tenant: string, collection: string) => `tenants/${tenant}/collections/${collection}/people/`,
} as const;
