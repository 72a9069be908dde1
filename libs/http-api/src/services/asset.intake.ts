import type { CollectionDocument, IngestJob, Lane } from '@facelane/contracts';
import type { PipelineBelt } from '@facelane/queue';
import type { IntakeRegistry } from '@facelane/registry';
import type { AssetSubmitter } from '@facelane/submission';
import type { PhotoInput } from '../schemas/photo.schema.js';
import type { AssetEntry } from './asset.entry.js';
import type { CollectionLookup } from './collection.lookup.js';
import type { PhotoIntake } from './photo.intake.js';

export interface NewAsset {
  readonly tenant: string;
  readonly collection: CollectionDocument;
  readonly photo: PhotoInput;
  readonly lane: Lane;
  readonly externalId?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** Accepts photos: what it has returned is not lost, whatever happens to Redis. */
export class AssetIntake {
  constructor(
    private readonly photos: PhotoIntake,
    private readonly intakes: IntakeRegistry,
    private readonly submitter: Pick<AssetSubmitter, 'prepare'>,
    private readonly entry: Pick<AssetEntry, 'submit'>,
    private readonly lookup: Pick<CollectionLookup, 'require'>,
    private readonly belt: Pick<PipelineBelt, 'gate'>,
  ) {}

  /**
   * `uploadId` names the stored bytes, and with them the asset: the same id again is the same asset.
   * @throws ProblemError API.COLLECTION_MISSING when the collection was deleted meanwhile; API.SOURCE_NOT_ALLOWED
   */
  async accept(asset: NewAsset, uploadId: string, signal: AbortSignal): Promise<IngestJob> {
    return this.belt.gate.pass(asset.lane, () => this.keep(asset, uploadId, signal));
  }

  private async keep(asset: NewAsset, uploadId: string, signal: AbortSignal): Promise<IngestJob> {
    const { tenant, collection, photo, lane, externalId, tags } = asset;
    const source = await this.photos.keep(tenant, photo, uploadId, signal);
    const [job] = this.submitter.prepare({ tenant, collection: collection.id, contract: collection.contract, lane }, [
      { source, ...(externalId !== undefined && { externalId }), ...(tags !== undefined && { tags }) },
    ]);
    if (job === undefined) throw new TypeError('One photo makes one job.');
    // First the book: an accepted photo that the belt loses is found here and put back.
    await this.intakes.write(job);
    const [stays] = await this.entry.submit([job]);
    // Taken back: nothing of it is left. One that was deleted as it came was accepted, and is gone.
    if (stays === undefined) await this.lookup.require(tenant, collection.id);
    return job;
  }
}
