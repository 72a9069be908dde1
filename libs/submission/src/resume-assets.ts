import type { IngestJob } from '@facelane/contracts';
import type { AssetsRegistry } from '@facelane/registry';
import type { AssetSubmitter } from './asset.submitter.js';

/** Asset documents read at a time, and jobs added in one round trip. */
const PAGE = 100;

/** Submits every asset of the collection that has no result document. Doing it twice does the work once. */
export async function resumeAssets(
  assets: AssetsRegistry,
  submitter: Pick<AssetSubmitter, 'carries' | 'prepareAgain' | 'submit'>,
  { tenant, collection }: { readonly tenant: string; readonly collection: string },
  signal?: AbortSignal,
): Promise<number> {
  let count = 0;
  const flush = async (ids: readonly string[]): Promise<void> => {
    signal?.throwIfAborted();
    const jobs = await Promise.all(ids.map((assetId) => jobOf({ tenant, collection, assetId })));
    await submitter.submit(jobs.filter((job) => job !== undefined));
    count += ids.length;
  };
  const jobOf = async (key: {
    tenant: string;
    collection: string;
    assetId: string;
  }): Promise<IngestJob | undefined> => {
    // Further down the belt already: starting it over would do its work twice.
    if (await submitter.carries(key.assetId)) return undefined;
    const asset = await assets.findAsset(key);
    return asset && submitter.prepareAgain(asset);
  };
  const page: string[] = [];
  for await (const assetId of assets.unfinished(tenant, collection)) {
    page.push(assetId);
    if (page.length === PAGE) await flush(page.splice(0));
  }
  await flush(page);
  return count;
}
