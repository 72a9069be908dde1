export { AssetBelt, type PersonChange } from './asset-belt.port.js';
export { noEmbeddings, type AssetEmbeddings } from './asset.embeddings.js';
export { Enroller } from './enroller.js';
export { EnsuredIndex } from './ensured.index.js';
export { Identifier } from './identifier.js';
