import { keys, type LedgerEntry, StageError } from '@facelane/contracts';
import type { ObjectStore, PutCondition } from '@facelane/object-store';
import type { Exclusion } from '@facelane/registry';
import type { BulkJobKey } from '../registry/bulk-jobs.registry.js';
import { type IsErased, namesAny, withoutPeople } from './entry.people.js';
import { decodeSegment, encodeSegment } from './segment.codec.js';

/** A rival is an erasure, or a feeder that has lost its lease: hardly ever one, so that many lost races are a fault. */
const MAX_RACES = 10;

/** What is to lie in place of what was found. */
interface Replacement {
  readonly body: Uint8Array;
  readonly condition: PutCondition;
}

/**
 * Changes segments of ledgers so that nobody's bytes come over what another has written since he looked: by condition
 * where the store has it, else by exclusion.
 */
export class SegmentWriter {
  constructor(
    private readonly store: ObjectStore,
    private readonly exclusion: Exclusion,
  ) {}

  /**
   * Files the outcomes of consecutive items under the place of the first. A segment that lies there was written by
   * somebody who did not live to count it, and is replaced; `stillOurs` is asked before.
   *
   * @param first place of the first entry, from 1
   * @param entries 1 to SEGMENT_LINES
   * @throws StageError QUEUE.LEASE_LOST when the job is another feeder's now; nothing is written then
   */
  async write(
    { tenant, id }: BulkJobKey,
    first: number,
    entries: readonly LedgerEntry[],
    stillOurs: () => Promise<boolean>,
  ): Promise<void> {
    const key = keys.bulkSegment(tenant, id, first);
    const body = await encodeSegment(entries);
    await this.replace(key, async () => {
      const present = await this.store.head(key);
      const condition: PutCondition =
        present === undefined ? { kind: 'absent' } : { kind: 'matches', etag: present.etag };
      // Asked after that look: what the next feeder has written by then is not what the condition is about.
      if (await stillOurs()) return { body, condition };
      throw new StageError('QUEUE.LEASE_LOST', `Job ${id} was taken over while its items from ${first} on were filed.`);
    });
  }

  /**
   * Takes people out of a segment, whoever wrote it; that there is none is fine. Only what is read is changed, so it
   * needs no lease. Resolves to whether it named one.
   */
  async takeOut(key: string, isErased: IsErased): Promise<boolean> {
    if ((await this.cleaned(key, isErased)) === undefined) return false;
    await this.replace(key, () => this.cleaned(key, isErased));
    return true;
  }

  /** Undefined when the segment names none of the people. */
  private async cleaned(key: string, isErased: IsErased): Promise<Replacement | undefined> {
    const found = await this.store.get(key).catch((error: unknown) => {
      if (error instanceof StageError && error.code === 'STORE.MISSING') return undefined;
      throw error;
    });
    if (found === undefined) return undefined;
    const entries = await decodeSegment(key, found.body);
    if (!entries.some((entry) => namesAny(entry, isErased))) return undefined;
    const body = await encodeSegment(entries.map((entry) => withoutPeople(entry, isErased)));
    return { body, condition: { kind: 'matches', etag: found.etag } };
  }

  /** `look` may run several times; undefined leaves the segment alone. */
  private async replace(key: string, look: () => Promise<Replacement | undefined>): Promise<void> {
    const options = { contentType: 'application/gzip' };
    if (!(await this.store.capabilities()).conditionalPut) {
      await this.exclusion.with(key, async () => {
        const next = await look();
        if (next !== undefined) await this.store.put(key, next.body, options);
      });
      return;
    }
    for (let race = 0; race < MAX_RACES; race += 1) {
      const next = await look();
      if (next === undefined) return;
      const { outcome } = await this.store.put(key, next.body, { ...options, condition: next.condition });
      if (outcome === 'stored') return;
    }
    throw new StageError('STORE.UNAVAILABLE', `${key} could not be written: ${MAX_RACES} writers came first.`);
  }
}
