import { createHash } from 'node:crypto';
import { type DetectJob, type EmbedJob, keys, type StageContext, StageError } from '@facelane/contracts';
import { type DerivedStore, type PhotoVault } from '@facelane/registry';
import { requireContract } from '../require-contract.js';
import type { PhotoAnalyser } from '../photo.analyser.js';

/** Decodes the photo, finds its faces and stores their crops; a photo that was worked on before is passed on. */
export class DetectHandler {
  readonly stage = 'detect';

  constructor(
    private readonly photos: PhotoVault,
    private readonly derived: DerivedStore,
    private readonly analyser: PhotoAnalyser,
  ) {}

  readonly handle = async (job: DetectJob, { signal }: StageContext): Promise<EmbedJob> => {
    const { photoKey, ...next } = job;
    const { tenant, contract, assetId, photo } = job;
    requireContract(this.analyser.contract, contract);
    if (job.seen) {
      const faces = await this.derived.knownFaces(tenant, contract, photo.sha256, signal);
      if (faces !== undefined) return { ...next, faces };
    }
    const bytes = await this.photos.fetch(photoKey ?? keys.photo(tenant, photo.sha256), assetId, signal);
    // Crops are filed by content. A photo under a key of its owner's may have been replaced since it was hashed.
    if (photoKey !== undefined) requireContent(bytes, photo.sha256, photoKey);
    const { faces, crops, droppedFaces } = await this.analyser.analyse(bytes, assetId, signal);
    await this.derived.writeCrops(
      tenant,
      {
        version: 1,
        kind: 'crops',
        contract,
        sha256: photo.sha256,
        assetId,
        collection: job.collection,
        faces: [...faces],
        droppedFaces,
      },
      crops,
      signal,
    );
    return { ...next, seen: false, faces: faces.length };
  };
}

function requireContent(bytes: Uint8Array, sha256: string, key: string): void {
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return;
  throw new StageError('DETECT.PHOTO_CHANGED', `${key} was replaced by another photo after it was ingested.`, {
    safeDetails: { key },
  });
}
