import type { AssetDocument, MatchJob, ResultDocument } from '@facelane/contracts';
import { type AssetKey, type AssetsRegistry, chunked } from '@facelane/registry';
import type { AssetBelt } from './asset-belt.port.js';
import type { AssetRemover } from './removal/asset.remover.js';

/** Jobs added in one go. */
const CHUNK = 500;
/** Documents read at once. */
const READ_AHEAD = 16;

/** Puts assets that were finished back to the match stage. */
export class Rematcher {
  constructor(
    private readonly assets: AssetsRegistry,
    private readonly belt: AssetBelt,
    private readonly remover: AssetRemover,
  ) {}

  /**
   * Resolves to how many were put back. Left out are those without a face, and those whose work has not ended: it will
   * compare their faces anyway.
   */
  async rematch(keys: readonly AssetKey[], signal?: AbortSignal): Promise<number> {
    let count = 0;
    for await (const some of chunked(keys, CHUNK)) {
      const jobs: MatchJob[] = [];
      for await (const few of chunked(some, READ_AHEAD)) {
        signal?.throwIfAborted();
        const found = await Promise.all(few.map((key) => this.jobOf(key)));
        jobs.push(...found.filter((job) => job !== undefined));
      }
      if (jobs.length === 0) continue;
      await this.belt.rematch(jobs);
      await this.takeBack(jobs);
      count += jobs.length;
    }
    return count;
  }

  private async jobOf(key: AssetKey): Promise<MatchJob | undefined> {
    const [asset, result] = await Promise.all([this.assets.findAsset(key), this.assets.findResult(key)]);
    return asset && result && rematchJobOf(asset, result);
  }

  /**
   * An asset that was removed while its job was added may have lost its jobs before that, and the job would bring parts
   * of it back. Its document goes before its jobs are looked for a last time, so whichever came later sees the other.
   */
  private async takeBack(jobs: readonly MatchJob[]): Promise<void> {
    for await (const few of chunked(jobs, READ_AHEAD)) {
      const found = await Promise.all(few.map((job) => this.assets.findAsset(job)));
      const gone = few.filter((_, at) => found[at] === undefined);
      await Promise.all(gone.map((job) => this.remover.remove(job)));
    }
  }
}

/**
 * `faces` counts the rows of the derived object, erased ones too. The end of the asset is told by the job that came to it.
 * Undefined for an asset that is not to be put back.
 */
export function rematchJobOf(asset: AssetDocument, result: ResultDocument): MatchJob | undefined {
  if (result.state !== 'done') return undefined;
  const faces = result.faces.length + (result.erasedFaces ?? 0);
  // Another photo under the same asset: its own work is under way.
  if (faces === 0 || result.photo.sha256 !== asset.photo.sha256) return undefined;
  const { tenant, collection, id, contract, intent, submittedAt, photo, externalId } = asset;
  return {
    ...{ tenant, collection, assetId: id, contract, intent, submittedAt, photo, faces },
    lane: 'bulk',
    again: true,
    quiet: true,
    ...(externalId !== undefined && { facts: { externalId } }),
  };
}
