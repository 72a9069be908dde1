import type { ResultDocument } from '@facelane/contracts';
import { type AssetKey, type AssetsRegistry, chunked } from '@facelane/registry';

/** A result by when the work on its photo ended, in milliseconds since 1970. */
export interface EndedAsset extends AssetKey {
  readonly at: number;
}

export interface ResultsSince {
  /** By their ends, oldest first. */
  readonly ended: readonly EndedAsset[];
  /** Older ones beyond as many as were asked for. */
  readonly left: number;
}

/** Results read at once. */
const AT_ONCE = 16;
/** How far the clock of a store may be behind that of a worker, in milliseconds; a result is written after its end. */
const CLOCKS_MS = 60 * 60_000;

/** When the work on it ended; of results that do not say, when it was submitted. */
export const endOf = ({ endedAt, submittedAt }: ResultDocument): number => Date.parse(endedAt ?? submittedAt);

/**
 * The newest results of some collections that ended since then. Listings are by id, so all of them are gone through;
 * those that were last written before are not read. Holds twice as many ids as are asked for at most.
 */
export async function resultsSince(
  assets: Pick<AssetsRegistry, 'listed' | 'findResult'>,
  { tenant, collections, since, most }: ResultsQuery,
  signal: AbortSignal,
): Promise<ResultsSince> {
  let ended: EndedAsset[] = [];
  let left = 0;
  const keepNewest = (): void => {
    ended.sort(byEnd);
    left += Math.max(0, ended.length - most);
    ended = ended.slice(-most);
  };
  for (const collection of collections) {
    for await (const listed of chunked(assets.listed('results', tenant, collection), AT_ONCE)) {
      signal.throwIfAborted();
      const young = listed.filter(({ writtenAt }) => writtenAt.getTime() >= since - CLOCKS_MS);
      const results = await Promise.all(young.map(({ assetId }) => assets.findResult({ tenant, collection, assetId })));
      for (const result of results) {
        if (result === undefined || endOf(result) < since) continue;
        ended.push({ tenant, collection, assetId: result.assetId, at: endOf(result) });
      }
      if (ended.length >= 2 * most) keepNewest();
    }
  }
  keepNewest();
  return { ended, left };
}

export interface ResultsQuery {
  readonly tenant: string;
  readonly collections: readonly string[];
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly most: number;
}

const byEnd = (a: EndedAsset, b: EndedAsset): number => a.at - b.at || (a.assetId < b.assetId ? -1 : 1);
