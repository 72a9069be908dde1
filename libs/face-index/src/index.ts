export {
  FaceIndex,
  type FacePoint,
  type IndexContract,
  type IndexedPoint,
  type PointFilter,
  type PointKind,
  type ScoredPoint,
  type ScrollOptions,
} from './face-index.port.js';
export { EmbeddedFaceIndex, type EmbeddedFaceIndexOptions } from './drivers/embedded/embedded.face-index.js';
export { QdrantFaceIndex, type QdrantFaceIndexOptions } from './drivers/qdrant/qdrant.face-index.js';
