export { BATCH_LADDER } from './batching/ladder.js';
export { VectorComparer } from './comparer/vector.comparer.js';
export { DEVICE_NAMES, type Device } from './devices/device.table.js';
export type { EmbeddedFaces } from './engine/embedded.faces.js';
export type { EngineContract } from './engine/engine.contract.js';
export {
  InferenceEngine,
  type InferenceOptions,
  type InferenceStats,
  type WorkOptions,
} from './engine/inference.engine.js';
export { fitDetector } from './detectors/detector.session.js';
export type { DetectionInput, DetectionResult, FoundBoxes, FoundFace, Reading } from './worker/messages.js';
