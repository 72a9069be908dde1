import { randomUUID } from 'node:crypto';
import type { CollectionDocument } from '@facelane/contracts';
import type { Identifier, RecognisedFace, RecogniseOptions } from '@facelane/gallery';
import type { ProbeAnswer, ProbeDesk } from '../probe/probe.desk.js';
import type { PhotoInput } from '../schemas/photo.schema.js';
import type { PhotoIntake } from './photo.intake.js';

/** Questions about photos that need models: asked of the workers, compared here. */
export class Recognition {
  constructor(
    private readonly desk: ProbeDesk,
    private readonly intake: PhotoIntake,
    private readonly identifier: Identifier,
  ) {}

  /** Faces of a photo, with vectors or without. @throws StageError of the photo; ProblemError API.SOURCE_NOT_ALLOWED */
  async look(
    tenant: string,
    contract: string,
    photo: PhotoInput,
    want: 'faces' | 'vectors',
    signal: AbortSignal,
  ): Promise<ProbeAnswer> {
    return this.desk.ask({ tenant, contract, want, ...this.intake.probe(tenant, photo) }, signal);
  }

  /** Who the faces are, each candidate with best and mean score; nothing is stored. */
  async recognise(
    { tenant, id, contract, ...collection }: CollectionDocument,
    seen: ProbeAnswer,
    options: Omit<RecogniseOptions, 'withMeans'>,
  ): Promise<RecognisedFace[]> {
    // There is no asset: this id only tells the faces of one answer apart.
    const asset = { tenant, collection: id, contract, assetId: randomUUID() };
    return this.identifier.recognise(asset, { tenant, id, contract, ...collection }, seen, {
      ...options,
      withMeans: true,
    });
  }
}
