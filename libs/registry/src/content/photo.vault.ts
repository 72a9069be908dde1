import { keys, StageError } from '@facelane/contracts';
import { ObjectStore } from '@facelane/object-store';
import { HandOver } from './hand-over.js';

/** Stores each photo once per content. */
export class PhotoVault {
  constructor(
    private readonly store: ObjectStore,
    private readonly handOver: HandOver = new HandOver(),
  ) {}

  /** Returns whether the same bytes were there before. */
  async keep(tenant: string, sha256: string, bytes: Uint8Array, format: string, signal: AbortSignal): Promise<boolean> {
    const key = keys.photo(tenant, sha256);
    const options = { contentType: `image/${format}`, signal };
    const { conditionalPut } = await this.store.capabilities();
    if (conditionalPut) {
      const { outcome } = await this.store.put(key, bytes, { ...options, condition: { kind: 'absent' } });
      if (outcome === 'stored') this.handOver.offer(key, bytes);
      return outcome === 'condition-failed';
    }
    if ((await this.store.head(key, { signal })) !== undefined) return true;
    // Two writers at once write the same bytes under the same key: harmless.
    await this.store.put(key, bytes, options);
    this.handOver.offer(key, bytes);
    return false;
  }

  /** @throws StageError STORE.MISSING with the asset's own remedy when the photo was deleted meanwhile. */
  async fetch(key: string, subject: string, signal: AbortSignal): Promise<Uint8Array> {
    try {
      return this.handOver.take(key) ?? (await this.store.get(key, { signal })).body;
    } catch (error) {
      if (error instanceof StageError && error.code === 'STORE.MISSING') {
        throw new StageError('STORE.MISSING', `The photo of asset ${subject} is no longer in the store.`, {
          safeDetails: { key },
          cause: error,
        });
      }
      throw error;
    }
  }
}
