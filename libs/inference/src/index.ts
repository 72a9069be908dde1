export { BATCH_LADDER } from './batching/ladder.js';
export { VectorComparer } from './comparer/vector.comparer.js';
export { DEVICE_NAMES, type Device } from './devices/device.table.js';
export {
  InferenceEngine,
  type EmbeddedFaces,
  type EngineContract,
  type InferenceOptions,
  type InferenceStats,
  type WorkOptions,
} from './engine/inference.engine.js';
export { fitDetector } from './detectors/detector.session.js';
export type { DetectionInput, DetectionResult, FoundBoxes, FoundFace, Reading } from './worker/messages.js';
