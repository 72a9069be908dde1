import type { CollectionDocument } from '@facelane/contracts';
import type { Identifier } from '@facelane/gallery';
import type { ProbeAnswer, ProbeDesk } from '../probe/probe.desk.js';
import type { PhotoInput } from '../schemas/photo.schema.js';
import type { PhotoIntake } from './photo.intake.js';

type Recognised = Awaited<ReturnType<Identifier['recogniseProbe']>>;

export interface RecogniseOptions {
  /** People per face. */
  readonly limit: number;
  readonly onePersonPerPhoto?: boolean | undefined;
}

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

  /** Who the faces are; nothing is stored. */
  async recognise(collection: CollectionDocument, seen: ProbeAnswer, options: RecogniseOptions): Promise<Recognised> {
    return this.identifier.recogniseProbe(collection, seen, options);
  }
}
