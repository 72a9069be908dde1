import { keys } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';

/** An asset that works with a photo. */
export interface PhotoUse {
  readonly collection: string;
  readonly assetId: string;
}

const NOTHING = new TextEncoder().encode('{}');

/**
 * Which assets work with the same bytes. A photo and what models made of it are filed once per content, so removing
 * one asset may take them away only when no other asset has them.
 *
 * No lock joins the two sides; their order does. Ingest first marks its use and then looks whether the photo is there.
 * A removal first takes its own mark away, then asks for `others`, deletes what nobody uses, and asks for `others`
 * **once more**: an ingest that still found the photo had marked its use before the deletion, so it is among them now,
 * and the removal puts back what it took. One that marked its use later found nothing and stored the photo itself.
 * Asking only before the deletion would let an ingest rely on a photo that vanishes under it.
 */
export class PhotoUses {
  constructor(private readonly store: ObjectStore) {}

  /** To be awaited before the photo is looked for or stored. The same use again changes nothing. */
  async add(tenant: string, sha256: string, { collection, assetId }: PhotoUse, signal?: AbortSignal): Promise<void> {
    await this.store.put(keys.use(tenant, sha256, collection, assetId), NOTHING, {
      contentType: 'application/json',
      ...(signal && { signal }),
    });
  }

  /** That the asset did not use the photo is fine. */
  async remove(tenant: string, sha256: string, { collection, assetId }: PhotoUse): Promise<void> {
    await this.store.delete(keys.use(tenant, sha256, collection, assetId));
  }

  /** Every use of the photo but this one, of all collections of the tenant. Whoever wants to know of one stops there. */
  async *others(tenant: string, sha256: string, { collection, assetId }: PhotoUse): AsyncGenerator<PhotoUse> {
    const prefix = keys.uses(tenant, sha256);
    const own = keys.use(tenant, sha256, collection, assetId);
    for await (const { key } of this.store.list(prefix)) {
      const [ofCollection = '', ofAsset = ''] = key.slice(prefix.length).split('.');
      if (key !== own) yield { collection: ofCollection, assetId: ofAsset };
    }
  }
}
