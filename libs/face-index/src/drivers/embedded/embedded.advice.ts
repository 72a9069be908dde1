import type { PointFilter } from '../../face-index.port.js';
import type { EmbeddedPoints } from './embedded.points.js';
import type { IndexWrite } from './embedded.protocol.js';

/** An exact count reads the whole partition's index, so near the bar it is made once per so many writes. */
const MIN_STEP = 1000;

/**
 * Says once per collection that it has outgrown search in one file: with every point grow the time of a search, the
 * memory of the copies that it compares, and the time in which each process makes them (for 100 000 of 512 numbers
 * 5 ms, 50 MiB and 1 s), while Qdrant's search hardly does.
 */
export class EmbeddedAdvice {
  readonly #above: number;
  readonly #say: (advice: string) => void;
  /** How many points may still be written to a collection before it is counted again; Infinity once advised. */
  readonly #left = new Map<string, number>();

  constructor(above: number, say: (advice: string) => void) {
    this.#above = above;
    this.#say = say;
  }

  look(committed: readonly IndexWrite[], points: EmbeddedPoints): void {
    for (const write of committed) {
      if (write.op !== 'upsert') continue;
      const { contractId } = write;
      for (const { tenant, collection } of write.points) this.#written(contractId, { tenant, collection }, points);
    }
  }

  #written(contractId: string, filter: PointFilter, points: EmbeddedPoints): void {
    const key = JSON.stringify([contractId, filter.tenant, filter.collection]);
    const left = (this.#left.get(key) ?? 0) - 1;
    if (left >= 0) {
      this.#left.set(key, left);
      return;
    }
    const count = points.count(contractId, filter);
    this.#left.set(key, count > this.#above ? Infinity : Math.max(this.#above - count, MIN_STEP));
    if (count <= this.#above) return;
    this.#say(
      `Collection ${filter.collection} of tenant ${filter.tenant} has ${count} faces; beyond ${this.#above} the ` +
        'embedded index gets slow and large. Move to Qdrant: set QDRANT_URL, then run `facelane enroll` and `facelane tag` again.',
    );
  }
}
