import { keys, type Source, StageError } from '@facelane/contracts';
import type { ObjectStore, StoredObject } from '@facelane/object-store';
import type { DerivedEditor } from './derived.editor.js';
import type { PhotoUse, PhotoUses } from './photo-uses.js';

/** Takes away a photo and what models made of it, once nobody works with it any more. */
export class PhotoRemover {
  constructor(
    private readonly store: ObjectStore,
    private readonly uses: PhotoUses,
    private readonly derived: DerivedEditor,
  ) {}

  /**
   * Ends one asset's use of the photo. Removes photo and derived objects when it was the last one; the steps and their
   * order are those of PhotoUses. Doing it again finishes what a crash cut short. Resolves to the number of objects
   * removed.
   */
  async release(tenant: string, sha256: string, use: PhotoUse): Promise<number> {
    await this.uses.remove(tenant, sha256, use);
    if ((await this.anotherUse(tenant, sha256, use)) !== undefined) return 0;
    const taken: StoredObject[] = [];
    for (const key of [keys.photo(tenant, sha256), ...(await this.derived.keysOf(tenant, sha256))]) {
      const found = await this.take(key);
      if (found !== undefined) taken.push(found);
    }
    const heir = await this.anotherUse(tenant, sha256, use);
    if (heir === undefined) return taken.length;
    // Under the name of whoever needs it: the other asset is gone.
    await Promise.all(taken.map((object) => this.putBack(this.derived.renamedIn(tenant, object, use, heir))));
    return 0;
  }

  /**
   * Removes a photo as it was handed in, if the source is one: an object of our own bucket that nobody but us has
   * named. Where the source lies anywhere else it is its owner's. Resolves to the number of objects removed.
   */
  async removeUpload(tenant: string, source: Source): Promise<number> {
    if (!this.isUpload(tenant, source)) return 0;
    return (await this.take(source.key)) === undefined ? 0 : 1;
  }

  isUpload(tenant: string, source: Source): source is Extract<Source, { kind: 'object' }> {
    return (
      source.kind === 'object' && source.bucket === this.store.bucket && source.key.startsWith(keys.uploads(tenant))
    );
  }

  private async anotherUse(tenant: string, sha256: string, use: PhotoUse): Promise<PhotoUse | undefined> {
    for await (const other of this.uses.others(tenant, sha256, use)) return other;
    return undefined;
  }

  private async take(key: string): Promise<StoredObject | undefined> {
    const found = await this.store.get(key).catch((error: unknown) => {
      if (error instanceof StageError && error.code === 'STORE.MISSING') return undefined;
      throw error;
    });
    await this.store.delete(key);
    return found;
  }

  /** Unless whoever needs it has stored it himself meanwhile. */
  private async putBack({ key, body, contentType = 'application/octet-stream' }: StoredObject): Promise<void> {
    const { conditionalPut } = await this.store.capabilities();
    if (!conditionalPut && (await this.store.head(key)) !== undefined) return;
    await this.store.put(key, body, { contentType, ...(conditionalPut && { condition: { kind: 'absent' } }) });
  }
}
