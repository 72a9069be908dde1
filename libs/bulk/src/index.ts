export {
  BulkJobsRegistry,
  hasEnded,
  type BulkJobKey,
  type BulkWish,
  type UnfinishedJob,
} from './registry/bulk-jobs.registry.js';
export { findSummary, type BulkSummary } from './ledger/bulk.summary.js';
export { Ledger, type LedgerQuery } from './ledger/ledger.js';
export { openBulkSource } from './source/open-bulk-source.js';
export type { BrokenLine, BulkPhoto, SourceItem, SourceStores } from './source/source.item.js';
