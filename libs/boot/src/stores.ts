import type { Config } from '@facelane/config';
import { EmbeddedFaceIndex, type FaceIndex, QdrantFaceIndex } from '@facelane/face-index';
import { FsObjectStore, type ObjectStore, S3ObjectStore } from '@facelane/object-store';
import type { Logger } from '@facelane/telemetry';

/** The object store that the configuration names. */
export function openObjectStore({ objectStore }: Pick<Config, 'objectStore'>): ObjectStore {
  switch (objectStore.driver) {
    case 'fs':
      return new FsObjectStore({ root: objectStore.root, bucket: objectStore.bucket, fsync: objectStore.fsync });
    case 's3':
      return new S3ObjectStore(objectStore);
  }
}

/** The face index that the configuration names. */
export function openFaceIndex({ faceIndex }: Pick<Config, 'faceIndex'>, log: Logger): FaceIndex {
  switch (faceIndex.driver) {
    case 'embedded':
      return new EmbeddedFaceIndex({ file: faceIndex.file, onAdvice: (advice) => log.warn(advice) });
    case 'qdrant':
      return new QdrantFaceIndex(faceIndex);
  }
}
