export { AssetBelt, type PersonChange } from './asset-belt.port.js';
export { noEmbeddings, type AssetEmbeddings } from './asset.embeddings.js';
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
