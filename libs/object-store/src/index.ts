export {
  ObjectStore,
  type GetOptions,
  type ListOptions,
  type ObjectInfo,
  type OpenedObject,
  type OpenOptions,
  type PutCondition,
  type PutOptions,
  type PutResult,
  type ReadOptions,
  type StoreCapabilities,
  type StoredObject,
  type StreamPutOptions,
} from './object-store.port.js';
export { checkKey, compareKeys } from './object-key.js';
export { countRequests } from './count-requests.js';
export { FsObjectStore, type FsObjectStoreOptions } from './drivers/fs/fs.object-store.js';
export { S3ObjectStore } from './drivers/s3/s3.object-store.js';
export type { S3Credentials, S3ObjectStoreOptions } from './drivers/s3/s3.connection.js';
