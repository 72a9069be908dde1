import type { IngestJob } from '@facelane/contracts';
import { type AssetsRegistry, chunked, type IntakeRegistry } from '@facelane/registry';
import type { AssetSubmitter } from './asset.submitter.js';

/** Assets looked at together, and jobs added in one round trip. */
const PAGE = 100;

/**
 * Submits what the API accepted for the collection and ingest never saw, as when Redis was lost in between: no asset
 * document, no result, no job. Resolves to how many there were.
 */
export async function resumeIntake(
  intakes: Pick<IntakeRegistry, 'list'>,
  assets: Pick<AssetsRegistry, 'findAsset' | 'findResult'>,
  submitter: Pick<AssetSubmitter, 'carries' | 'submit'>,
  { tenant, collection }: { readonly tenant: string; readonly collection: string },
  signal?: AbortSignal,
): Promise<number> {
  const isLost = async (job: IngestJob): Promise<boolean> => {
    if (job.collection !== collection || (await submitter.carries(job.assetId))) return false;
    const [asset, result] = await Promise.all([assets.findAsset(job), assets.findResult(job)]);
    return asset === undefined && result === undefined;
  };
  let count = 0;
  for await (const jobs of chunked(intakes.list(tenant), PAGE)) {
    signal?.throwIfAborted();
    const lost = await Promise.all(jobs.map(isLost));
    const again = jobs.filter((_, i) => lost[i]);
    // It goes behind interactive work, as whatever is taken up again.
    await submitter.submit(again.map((job) => ({ ...job, lane: 'bulk' as const })));
    count += again.length;
  }
  return count;
}
