export { DerivedStore } from './content/derived.store.js';
export { HAND_OVER_BYTES, HandOver } from './content/hand-over.js';
export { PhotoVault } from './content/photo.vault.js';
export { AssetsRegistry, type AssetKey } from './assets.registry.js';
export { CachedLookup, type CachedLookupOptions } from './cached.lookup.js';
export { CollectionsRegistry, type NewCollection } from './collections.registry.js';
export { DocumentStore } from './document.store.js';
export { Exclusion } from './exclusion.port.js';
export { PeopleRegistry, type PersonKey } from './people.registry.js';
