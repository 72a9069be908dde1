export { assetIdOf, facePointIdOf, personIdOf, referencePointIdOf } from './ids.js';
export { keys } from './keys.js';
export { contractIdSchema, sha256Schema, slugSchema, uuidSchema } from './names.schema.js';
export { uuidV5 } from './uuid-v5.js';
