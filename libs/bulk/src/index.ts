export {
  BulkJobsRegistry,
  hasEnded,
  type BulkJobKey,
  type BulkWish,
  type UnfinishedJob,
} from './registry/bulk-jobs.registry.js';
