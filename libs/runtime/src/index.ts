export { RuntimeOptions } from './nest/runtime.options.js';
export { startWorkers } from './nest/start-workers.js';
export { openFaceIndex, openObjectStore } from './nest/stores.js';
export { ALL_STAGES, WorkerModule } from './nest/worker.module.js';
export type { Submission, SubmittedPhoto } from './session/asset.submitter.js';
export type { BatchOptions } from './session/process-batch.js';
export { withEmbedder } from './session/embedder.session.js';
export { FacelaneSession } from './session/session.js';
