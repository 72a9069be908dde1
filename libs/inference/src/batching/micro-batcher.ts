import { StageError } from '@facelane/contracts';
import { ladderCeiling, ladderFloor } from './ladder.js';

export interface MicroBatcherOptions<Item, Result> {
  /** Runs a batch: one result per item, in order. `size` ≥ items.length is the ladder size to pad to. */
  readonly run: (items: readonly Item[], size: number) => Promise<readonly Result[]>;
  /** Most items of a batch, 1..32; rounded down to the ladder. */
  readonly maxBatch: number;
  /** Longest wait for company, milliseconds, before a batch that is not full goes. */
  readonly maxWaitMs: number;
  /** Batches that may be under way at once. */
  readonly lanes: number;
  /**
   * `pad` fills a batch up to the next size of the ladder (a GPU: padding is nearly free). `split` cuts it into sizes
   * of the ladder, and goes at once when a lane is idle (a CPU: a batch costs as much as its parts, so waiting for
   * company gains nothing).
   */
  readonly fit: 'pad' | 'split';
  /** Lanes that would start now; asked only for `split`. */
  readonly idleLanes: () => number;
  /** Items that may wait; a job that would pass it while others wait is refused. Default 4096. */
  readonly maxQueued?: number | undefined;
  /** True for failures that no item caused: the batch is not run again item by item. Default never. */
  readonly failsAll?: ((error: unknown) => boolean) | undefined;
}

export interface MicroBatcherStats {
  readonly batches: number;
  readonly items: number;
  /** Places of the ladder that no item filled. */
  readonly padding: number;
  /** Items run again alone because their batch failed. */
  readonly retriedItems: number;
  /** Items in the queue, now. */
  readonly waiting: number;
}

interface Job<Result> {
  readonly results: Result[];
  readonly fail: (error: unknown) => void;
  readonly deliver: (index: number, result: Result) => void;
  settled: boolean;
}

interface Entry<Item, Result> {
  readonly item: Item;
  readonly index: number;
  readonly job: Job<Result>;
  readonly since: number;
}

/**
 * Gathers the items of concurrent callers into batches. Items are taken in the order they came; each caller gets his
 * results in his order. When a batch fails its items run again one by one, so that only the caller of a bad item fails.
 */
export class MicroBatcher<Item, Result> {
  readonly #maxBatch: number;
  #queue: Entry<Item, Result>[] = [];
  #running = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #counts = { batches: 0, items: 0, padding: 0, retriedItems: 0 };

  constructor(private readonly options: MicroBatcherOptions<Item, Result>) {
    this.#maxBatch = ladderFloor(options.maxBatch);
  }

  stats(): MicroBatcherStats {
    return { ...this.#counts, waiting: this.#queue.length };
  }

  /**
   * Results of the items, in order. After an abort the items that still wait leave the queue.
   *
   * @throws what the run threw for one of these items; the signal's reason; StageError INFERENCE.OVERLOADED.
   */
  submit(items: readonly Item[], signal?: AbortSignal): Promise<Result[]> {
    if (signal?.aborted === true) return Promise.reject(asError(signal.reason));
    if (items.length === 0) return Promise.resolve([]);
    const { maxQueued = 4096 } = this.options;
    if (this.#queue.length > 0 && this.#queue.length + items.length > maxQueued) {
      return Promise.reject(
        new StageError('INFERENCE.OVERLOADED', `${this.#queue.length} faces wait for the embedder already.`),
      );
    }
    return new Promise<Result[]>((resolve, reject) => {
      const job = this.#open(items.length, signal, resolve, reject);
      const since = performance.now();
      for (const [index, item] of items.entries()) this.#queue.push({ item, index, job, since });
      this.poke();
    });
  }

  /** Starts what may start. Call it when a lane becomes idle by other work than this batcher's. */
  poke(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#queue.length > 0 && this.#running < this.options.lanes) {
      const take = this.#nextTake();
      if (take === 0) {
        this.#wakeWhenDue();
        return;
      }
      void this.#runBatch(this.#queue.splice(0, take));
    }
  }

  #open(
    count: number,
    signal: AbortSignal | undefined,
    resolve: (results: Result[]) => void,
    reject: (error: unknown) => void,
  ): Job<Result> {
    let remaining = count;
    const settle = (): void => {
      job.settled = true;
      signal?.removeEventListener('abort', onAbort);
    };
    const onAbort = (): void => job.fail(asError(signal?.reason));
    const job: Job<Result> = {
      results: new Array<Result>(count),
      settled: false,
      deliver: (index, result) => {
        if (job.settled) return;
        job.results[index] = result;
        if (--remaining > 0) return;
        settle();
        resolve(job.results);
      },
      fail: (error) => {
        if (job.settled) return;
        settle();
        this.#queue = this.#queue.filter((entry) => entry.job !== job);
        reject(error);
      },
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    return job;
  }

  /** How many items go now; 0 to wait for company. */
  #nextTake(): number {
    const waiting = this.#queue.length;
    const full = waiting >= this.#maxBatch;
    if (this.options.fit === 'pad') return full ? this.#maxBatch : this.#isDue() ? waiting : 0;
    const idle = this.options.idleLanes();
    if (idle > 0) return ladderFloor(Math.min(this.#maxBatch, Math.ceil(waiting / idle)));
    return full || this.#isDue() ? ladderFloor(Math.min(this.#maxBatch, waiting)) : 0;
  }

  #isDue(): boolean {
    return this.#remainingMs() <= 0;
  }

  #remainingMs(): number {
    return this.#queue[0]!.since + this.options.maxWaitMs - performance.now();
  }

  #wakeWhenDue(): void {
    this.#timer = setTimeout(() => this.poke(), Math.max(1, Math.ceil(this.#remainingMs())));
  }

  async #runBatch(entries: readonly Entry<Item, Result>[]): Promise<void> {
    this.#running++;
    try {
      await this.#runAndDeliver(entries);
    } catch (error) {
      await this.#isolate(entries, error);
    } finally {
      this.#running--;
      this.poke();
    }
  }

  async #runAndDeliver(entries: readonly Entry<Item, Result>[]): Promise<void> {
    const size = this.options.fit === 'pad' ? ladderCeiling(entries.length) : entries.length;
    this.#counts.batches++;
    this.#counts.items += entries.length;
    this.#counts.padding += size - entries.length;
    const items = entries.map(({ item }) => item);
    const results = await this.options.run(items, size);
    if (results.length !== items.length) {
      throw new StageError('INFERENCE.FAILED', `A batch of ${items.length} gave ${results.length} results.`);
    }
    for (const [row, { index, job }] of entries.entries()) job.deliver(index, results[row]!);
  }

  async #isolate(entries: readonly Entry<Item, Result>[], error: unknown): Promise<void> {
    if (entries.length === 1 || this.options.failsAll?.(error) === true) {
      for (const { job } of entries) job.fail(error);
      return;
    }
    for (const entry of entries) {
      if (entry.job.settled) continue;
      this.#counts.retriedItems++;
      try {
        await this.#runAndDeliver([entry]);
      } catch (itemError) {
        entry.job.fail(itemError);
      }
    }
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
