import { type DetectJob, type EmbedJob, keys, type StageContext } from '@facelane/contracts';
import type { DerivedStore } from '../derived.store.js';
import type { PhotoVault } from '../photo.vault.js';
import { requireContract } from '../require-contract.js';
import type { PhotoAnalyser } from './photo.analyser.js';

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
