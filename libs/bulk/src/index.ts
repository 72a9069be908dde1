export {
  BulkJobsRegistry,
  hasEnded,
  type BulkJobKey,
  type BulkWish,
  type UnfinishedJob,
} from './registry/bulk-jobs.registry.js';
export { findSummary, type BulkSummary } from './ledger/bulk.summary.js';
export { Ledger, type LedgerQuery } from './ledger/ledger.js';
