export { DeadLetters, type DeadLetterEntry } from './dead-letters.js';
export type { FailureRecord } from './failure.record.js';
export { JobInvalidError } from './job-invalid.error.js';
export { PipelineEvents, type PipelineEvent } from './pipeline.events.js';
export { PipelineBelt, type BeltOptions } from './pipeline.belt.js';
export { readStatus, type StageStatus } from './queue.status.js';
export { connectProducer, connectWorker, DEFAULT_PREFIX, type QueueConnection } from './redis.connection.js';
export { RedisLease } from './redis.lease.js';
export { bindHandlers, type NamedHandler } from './stage.handlers.js';
export { StageQueues, type QueuedAsset } from './stage.queues.js';
export {
  StageWorker,
  type DeadLetter,
  type StageRun,
  type StageTuning,
  type StageWorkerHooks,
  type StageWorkerOptions,
} from './stage.worker.js';
