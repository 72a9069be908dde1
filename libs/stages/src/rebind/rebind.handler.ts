import type { RebindJob, RebindOutput, StageContext } from '@facelane/contracts';

/** What this stage needs of the gallery: who may be concerned, and putting their assets back to the match stage. */
export interface FaceRebinder {
  /** Resolves to how many assets were put back. */
  rebind(
    change: Pick<RebindJob, 'tenant' | 'collection' | 'contract' | 'personId'>,
    signal: AbortSignal,
  ): Promise<number>;
}

/** Has the faces compared again that a changed person may be or was. */
export class RebindHandler {
  readonly stage = 'rebind';

  constructor(private readonly rebinder: FaceRebinder) {}

  readonly handle = async (job: RebindJob, { signal }: StageContext): Promise<RebindOutput> => {
    const { tenant, collection, contract, personId, assetId } = job;
    return { assetId, assets: await this.rebinder.rebind({ tenant, collection, contract, personId }, signal) };
  };
}
