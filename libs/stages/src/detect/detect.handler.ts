import { createHash } from 'node:crypto';
import { type DetectJob, type EmbedJob, keys, type StageContext, StageError } from '@facelane/contracts';
import { type DerivedStore, type PhotoVault } from '@facelane/registry';
import { requireContract } from '../require-contract.js';
import type { PhotoAnalyser } from '../photo.analyser.js';
import { SingleFlight } from '../single.flight.js';

/** Decodes the photo, finds its faces and stores their crops; a photo that was worked on before is passed on. */
export class DetectHandler {
  readonly stage = 'detect';
  private readonly analyses = new SingleFlight<number>();

  constructor(
    private readonly photos: PhotoVault,
    private readonly derived: DerivedStore,
    private readonly analyser: Pick<PhotoAnalyser, 'contract' | 'analyse'>,
  ) {}

  readonly handle = async (job: DetectJob, { signal }: StageContext): Promise<EmbedJob> => {
    const { photoKey, ...next } = job;
    const { tenant, contract, photo } = job;
    requireContract(this.analyser.contract, contract);
    if (job.seen) {
      const faces = await this.derived.knownFaces(tenant, contract, photo.sha256, signal);
      if (faces !== undefined) return { ...next, faces };
    }
    const crops = keys.crops(tenant, contract, photo.sha256);
    const faces = await this.analyses.run(crops, signal, () => this.analyse(next, photoKey, signal));
    return { ...next, seen: false, faces };
  };

  /** Resolves to the number of faces, once their crops are stored. */
  private async analyse(
    job: Omit<DetectJob, 'photoKey'>,
    photoKey: string | undefined,
    signal: AbortSignal,
  ): Promise<number> {
    const { tenant, collection, contract, assetId, photo, lane } = job;
    const { sha256 } = photo;
    if (job.seen) {
      // Seen but not embedded: another asset's run is on its way, or an earlier one did not get further. Two processes
      // that find no crops here both look for faces. To wait for each other would cost more than it saves, and hang on
      // whoever dies; the crops that are stored first count.
      const known = await this.derived.knownCrops(tenant, contract, sha256, signal);
      if (known !== undefined) return known;
    }
    const bytes = await this.photos.fetch(photoKey ?? keys.photo(tenant, sha256), assetId, signal);
    // Crops are filed by content. A photo under a key of its owner's may have been replaced since it was hashed.
    if (photoKey !== undefined) requireContent(bytes, sha256, photoKey);
    const { faces, crops, droppedFaces } = await this.analyser.analyse(bytes, assetId, { lane, signal });
    await this.derived.writeCrops(
      tenant,
      { version: 1, kind: 'crops', contract, sha256, assetId, collection, faces: [...faces], droppedFaces },
      crops,
      signal,
    );
    return faces.length;
  }
}

function requireContent(bytes: Uint8Array, sha256: string, key: string): void {
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return;
  throw new StageError('DETECT.PHOTO_CHANGED', `${key} was replaced by another photo after it was ingested.`, {
    safeDetails: { key },
  });
}
