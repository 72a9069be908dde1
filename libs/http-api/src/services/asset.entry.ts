import type { IngestJob } from '@facelane/contracts';
import type { AssetRemover } from '@facelane/gallery';
import type { CollectionsRegistry, IntakeRegistry, PeopleRegistry } from '@facelane/registry';
import type { AssetSubmitter } from '@facelane/submission';

/**
 * The way onto the belt for photos that were accepted. A photo may be removed, or erased with its person or its
 * collection, between its acceptance and its first run; a job that is added after that would bring it back.
 */
export class AssetEntry {
  constructor(
    private readonly intakes: Pick<IntakeRegistry, 'find'>,
    private readonly collections: Pick<CollectionsRegistry, 'find'>,
    private readonly people: Pick<PeopleRegistry, 'find'>,
    private readonly submitter: Pick<AssetSubmitter, 'carries' | 'submit'>,
    private readonly remover: Pick<AssetRemover, 'remove'>,
  ) {}

  /** Whether any stage still has work for the asset. */
  async carries(assetId: string): Promise<boolean> {
    return this.submitter.carries(assetId);
  }

  /** Whether the photo that was accepted is still there, and so are its collection and the person it is of. */
  async isWanted({ tenant, collection, assetId, intent }: IngestJob): Promise<boolean> {
    const needed = await Promise.all([
      this.intakes.find(tenant, assetId),
      this.collections.find(tenant, collection),
      ...(intent.kind === 'enrol' ? [this.people.find({ tenant, collection, id: intent.personId })] : []),
    ]);
    return needed.every((document) => document !== undefined);
  }

  /**
   * Adds the jobs, and takes back those of photos that are gone by now. Whoever removes takes the records away before he
   * looks for jobs a last time, so whichever came later sees the other. Resolves to the jobs that stay.
   */
  async submit(jobs: readonly IngestJob[]): Promise<IngestJob[]> {
    await this.submitter.submit(jobs);
    const wanted = await Promise.all(jobs.map((job) => this.isWanted(job)));
    await Promise.all(jobs.filter((_, at) => !wanted[at]).map((job) => this.remover.remove(job)));
    return jobs.filter((_, at) => wanted[at]);
  }
}
