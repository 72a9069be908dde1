import { StageError } from '@facelane/contracts';
import type { ObjectStore, PutCondition, StoredObject } from '@facelane/object-store';
import type { Exclusion } from '../exclusion.port.js';

/** As for documents: more lost races in a row than there are writers. */
const MAX_RACES = 100;

export interface FirstPutOptions {
  readonly contentType: string;
  /** Whether what lies under the key already is what it should be; what is not is replaced. */
  readonly isWhole: (body: Uint8Array) => boolean;
  readonly signal: AbortSignal;
}

/**
 * Writes an object that is written once: of any number of writers at once, in any processes, the first one's stays.
 *
 * Where the store honours conditions, that is the one request that it always was; only who was not the first asks what
 * lies there. Elsewhere a lease keeps writers apart and the store is asked before: one request more for each object.
 * Asking without a lease would leave a gap between the answer and the write, wide enough for two equal photos.
 */
export class FirstWriter {
  constructor(
    private readonly store: ObjectStore,
    private readonly exclusion: Exclusion,
  ) {}

  /** Returns whether it was written; when not, a whole object of somebody else's, or of an earlier run, is there. */
  async put(key: string, body: Uint8Array, options: FirstPutOptions): Promise<boolean> {
    const { conditionalPut } = await this.store.capabilities();
    return conditionalPut
      ? this.putByCondition(key, body, options)
      : // The same name as DerivedEditor takes, so that nothing is changed between question and write.
        this.exclusion.with(key, () => this.putUnlessThere(key, body, options));
  }

  private async putByCondition(key: string, body: Uint8Array, options: FirstPutOptions): Promise<boolean> {
    const { contentType, isWhole, signal } = options;
    let condition: PutCondition = { kind: 'absent' };
    for (let race = 0; race < MAX_RACES; race += 1) {
      const { outcome } = await this.store.put(key, body, { contentType, condition, signal });
      if (outcome === 'stored') return true;
      const present = await this.read(key, signal);
      if (present !== undefined && isWhole(present.body)) return false;
      // Removed again meanwhile, or damaged: then it is replaced unless somebody else does that first.
      condition = present === undefined ? { kind: 'absent' } : { kind: 'matches', etag: present.etag };
    }
    throw new StageError('STORE.UNAVAILABLE', `${key} could not be written: ${MAX_RACES} others came first.`);
  }

  private async putUnlessThere(key: string, body: Uint8Array, options: FirstPutOptions): Promise<boolean> {
    const { contentType, isWhole, signal } = options;
    const present = await this.read(key, signal);
    if (present !== undefined && isWhole(present.body)) return false;
    await this.store.put(key, body, { contentType, signal });
    return true;
  }

  private async read(key: string, signal: AbortSignal): Promise<StoredObject | undefined> {
    return this.store.get(key, { signal }).catch((error: unknown) => {
      if (error instanceof StageError && error.code === 'STORE.MISSING') return undefined;
      throw error;
    });
  }
}
