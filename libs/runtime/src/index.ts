export { ComparerModule } from './nest/comparer.module.js';
export { DispatcherModule } from './nest/dispatcher.module.js';
export { FeederModule } from './nest/feeder.module.js';
export { runWorker } from './nest/run-worker.js';
export { ALL_STAGES, WorkerModule } from './nest/worker.module.js';
export { type Models, withAnalyser, withEmbedder } from './session/embedder.session.js';
export { FacelaneSession } from './session/session.js';
export { RuntimeOptions } from '@facelane/boot';
