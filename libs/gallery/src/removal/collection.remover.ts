import { keys } from '@facelane/contracts';
import { chunked, type DocumentStore } from '@facelane/registry';
import type { AssetBelt } from '../asset-belt.port.js';
import type { GalleryPoints } from '../points/gallery.points.js';
import type { AssetRemover } from './asset.remover.js';
import type { Books } from './books.js';

/** Assets removed at once. */
const AT_ONCE = 8;

/** Removes a collection with everything in it. Receipts of erasures are the tenant's and stay. */
export class CollectionRemover {
  constructor(
    private readonly books: Books,
    private readonly documents: DocumentStore,
    private readonly points: GalleryPoints,
    private readonly remover: AssetRemover,
    private readonly belt: AssetBelt,
  ) {}

  /** Idempotent; its document goes last, so that what a crash leaves is found and removed when it is asked for again. */
  async remove(tenant: string, collection: string): Promise<{ readonly assets: number; readonly people: number }> {
    const contract = (await this.books.collections.find(tenant, collection))?.contract;
    await this.belt.withdrawWhere((data) => isOf(data, tenant, collection));
    const assets = await this.removeAssets(tenant, collection);
    let people = 0;
    for await (const person of this.books.people.list(tenant, collection))
      people += (await this.books.people.remove(person)) ? 1 : 0;
    if (contract !== undefined) await this.points.remove(contract, { tenant, collection });
    await this.removeOthers(tenant, collection);
    await this.books.collections.remove(tenant, collection);
    // Photos that were accepted while the collection was still there.
    return { assets: assets + (await this.removeAssets(tenant, collection)), people };
  }

  /** First those that were ingested or have ended, then those that were accepted only. */
  private async removeAssets(tenant: string, collection: string): Promise<number> {
    const ingested = await this.removeEach(tenant, collection, this.books.assets.ids(tenant, collection));
    return ingested + (await this.removeEach(tenant, collection, this.accepted(tenant, collection)));
  }

  private async removeEach(tenant: string, collection: string, assetIds: AsyncIterable<string>): Promise<number> {
    let removed = 0;
    for await (const some of chunked(assetIds, AT_ONCE)) {
      // The people go too.
      const options = { keepReferences: true };
      const counts = await Promise.all(
        some.map((assetId) => this.remover.remove({ tenant, collection, assetId }, options)),
      );
      for (const { assets } of counts) removed += assets;
    }
    return removed;
  }

  private async *accepted(tenant: string, collection: string): AsyncGenerator<string> {
    for await (const job of this.books.intake.list(tenant)) if (job.collection === collection) yield job.assetId;
  }

  /** Whatever else lies with the collection, such as its guard against coming back. */
  private async removeOthers(tenant: string, collection: string): Promise<void> {
    const own = keys.collection(tenant, collection);
    for await (const key of this.documents.keys(`${keys.collections(tenant)}${collection}/`)) {
      if (key !== own) await this.documents.remove(key);
    }
  }
}

function isOf(data: unknown, tenant: string, collection: string): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const job = data as { readonly tenant?: unknown; readonly collection?: unknown };
  return job.tenant === tenant && job.collection === collection;
}
