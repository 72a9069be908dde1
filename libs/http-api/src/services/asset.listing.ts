import { type CollectionDocument, uuidSchema } from '@facelane/contracts';
import type { FaceIndex } from '@facelane/face-index';
import { type AssetsRegistry, chunked } from '@facelane/registry';
import { assetState } from '../views/asset.view.js';
import { cursorAfter, readCursor } from './cursor.js';
import type { AssetFinder, FoundAsset } from './asset.finder.js';
import { peopleAssets } from './people.assets.js';

export interface AssetFilter {
  readonly person?: string | undefined;
  readonly tag?: string | undefined;
  readonly state?: 'pending' | 'done' | 'failed' | undefined;
  readonly submittedAfter?: string | undefined;
  readonly submittedBefore?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Assets read at a time. */
const AT_ONCE = 32;
/** Assets looked at for one page: the work of a request is bounded, however rare what it looks for. */
const MOST_SCANNED = 2_000;

const LIST = 'assets';

/** Pages through the photos of a collection, by id. */
export class AssetListing {
  constructor(
    private readonly assets: AssetsRegistry,
    private readonly finder: Pick<AssetFinder, 'read'>,
    private readonly index: FaceIndex,
  ) {}

  /** @throws ProblemError API.REQUEST_INVALID for a cursor of another list. */
  async page(
    collection: CollectionDocument,
    filter: AssetFilter,
  ): Promise<{ readonly items: readonly FoundAsset[]; readonly next?: string }> {
    const after = readCursor(filter.cursor, LIST, uuidSchema);
    const items: FoundAsset[] = [];
    let scanned = 0;
    for await (const ids of chunked(this.idsOf(collection, filter.person, after), AT_ONCE)) {
      const found = await Promise.all(ids.map((assetId) => this.read(collection, assetId)));
      for (const asset of found) {
        if (!fits(asset, filter)) continue;
        items.push(asset);
        if (items.length === filter.limit) return { items, next: cursorAfter(LIST, asset.assetId) };
      }
      scanned += ids.length;
      if (scanned >= MOST_SCANNED) return { items, next: cursorAfter(LIST, ids.at(-1)!) };
    }
    return { items };
  }

  private idsOf(
    { tenant, id, contract }: CollectionDocument,
    person: string | undefined,
    after: string | undefined,
  ): AsyncIterable<string> {
    if (person === undefined) return this.assets.ids(tenant, id, after);
    return peopleAssets(this.index, contract, { tenant, collection: id, personId: person }, after);
  }

  private async read({ tenant, id }: CollectionDocument, assetId: string): Promise<FoundAsset> {
    return { tenant, collection: id, assetId, ...(await this.finder.read(tenant, id, assetId)) };
  }
}

function fits(asset: FoundAsset, { tag, state, submittedAfter, submittedBefore }: AssetFilter): boolean {
  const { document, intake, result } = asset;
  const record = document ?? intake ?? result;
  // Deleted since it was listed.
  if (record === undefined) return false;
  const submitted = Date.parse(record.submittedAt);
  return (
    (tag === undefined || (document ?? intake)?.tags?.includes(tag) === true) &&
    (state === undefined || assetState(asset) === state) &&
    (submittedAfter === undefined || submitted > Date.parse(submittedAfter)) &&
    (submittedBefore === undefined || submitted < Date.parse(submittedBefore))
  );
}
