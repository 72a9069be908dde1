export { AssetBelt, type PersonChange } from './asset-belt.port.js';
export { noEmbeddings, type AssetEmbeddings } from './asset.embeddings.js';
export { createGallery, type Gallery, type GalleryPorts } from './create-gallery.js';
export { Enroller, type IsSuppressed } from './enroller.js';
export { EnsuredIndex } from './ensured.index.js';
export {
  Identifier,
  type Assignments,
  type IdentifyOptions,
  type RecognisedCandidate,
  type RecognisedFace,
  type RecogniseOptions,
} from './identifier.js';
export { PairComparer } from './pair-comparer.port.js';
export { PairProbability } from './pair.probability.js';
export { Eraser, type Erasure } from './erasure/eraser.js';
export type { ErasurePlace } from './erasure/erasure.place.js';
export { FailureTeller } from './outbox/failure.teller.js';
export { OutboxSweeper } from './outbox/outbox.sweeper.js';
export type { FaceKey } from './people/face.decider.js';
export { PeopleEditor } from './people/people.editor.js';
export { Rebinder } from './rebinder.js';
export { AssetRemover, type RemoveAssetOptions, type RemovedAsset } from './removal/asset.remover.js';
export { CollectionRemover } from './removal/collection.remover.js';
export { RetentionSweeper } from './removal/retention.sweeper.js';
