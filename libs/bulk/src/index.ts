export {
  BulkJobsRegistry,
  hasEnded,
  type BulkJobKey,
  type BulkWish,
  type UnfinishedJob,
} from './registry/bulk-jobs.registry.js';
export { findSummary, type BulkSummary } from './ledger/bulk.summary.js';
export { Ledger, type LedgerQuery } from './ledger/ledger.js';
export { SegmentWriter } from './ledger/segment.writer.js';
export { openBulkSource } from './source/open-bulk-source.js';
export type { BrokenLine, BulkPhoto, SourceItem, SourceStores } from './source/source.item.js';
export { mayReadObject, type SourceRules } from './source/source.rights.js';
export type { FeederDependencies, JobTuning, OpenSource } from './feeder/feeder.dependencies.js';
export { FeederService, type FeederOptions } from './feeder/feeder.service.js';
export { endEventOf } from './feeder/job.teller.js';
export { retryFailed, type RetryDependencies, type RetryOptions, type RetryOutcome } from './retry/retry-failed.js';
export { LedgerEraser } from './erasure/ledger.eraser.js';
