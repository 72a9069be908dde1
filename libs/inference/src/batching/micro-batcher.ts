import { type Lane, StageError } from '@facelane/contracts';
import { isLate, type LaneOrder, NO_ORDER } from '../lanes/lane.order.js';
import { ladderCeiling, ladderFloor } from './ladder.js';

export interface MicroBatcherOptions<Item, Result> {
  /**
   * Runs a batch: one result per item, in order. `size` ≥ items.length is the ladder size to pad to. A batch with an
   * interactive item is an interactive one.
   */
  readonly run: (items: readonly Item[], size: number, lane: Lane) => Promise<readonly Result[]>;
  /** Most items of a batch, 1..32; rounded down to the ladder. */
  readonly maxBatch: number;
  /** Longest wait for company, milliseconds, before a batch that is not full goes. */
  readonly maxWaitMs: number;
  /** Batches that may be under way at once; interactive ones do not wait for bulk ones. */
  readonly lanes: number;
  /**
   * `pad` fills a batch up to the next size of the ladder (a GPU: padding is nearly free). `split` cuts it into sizes
   * of the ladder, and goes at once when a lane is idle (a CPU: a batch costs as much as its parts, so waiting for
   * company gains nothing).
   */
  readonly fit: 'pad' | 'split';
  /** Lanes that would start now; asked only for `split`. */
  readonly idleLanes: () => number;
  /** Items of each lane that may wait; a job that would pass it while others wait is refused. Default 4096. */
  readonly maxQueued?: number | undefined;
  /** Default: bulk batches begin whenever no interactive item waits. */
  readonly order?: LaneOrder | undefined;
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

export interface SubmitOptions {
  /** Default interactive. */
  readonly lane?: Lane | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** In the order in which they begin. */
const LANES: readonly Lane[] = ['interactive', 'bulk'];

/**
 * Gathers the items of concurrent callers into batches, those of whoever waits for an answer before all bulk ones. Of a
 * lane, items are taken in the order they came; each caller gets his results in his order. When a batch fails its items
 * run again one by one, so that only the caller of a bad item fails.
 */
export class MicroBatcher<Item, Result> {
  readonly #maxBatch: number;
  readonly #queues: Record<Lane, Entry<Item, Result>[]> = { interactive: [], bulk: [] };
  readonly #running: Record<Lane, number> = { interactive: 0, bulk: 0 };
  readonly #order: LaneOrder;
  #timer: NodeJS.Timeout | undefined;
  readonly #counts = { batches: 0, items: 0, padding: 0, retriedItems: 0 };

  constructor(private readonly options: MicroBatcherOptions<Item, Result>) {
    this.#maxBatch = ladderFloor(options.maxBatch);
    this.#order = options.order ?? NO_ORDER;
    this.#order.onRelease(() => this.poke());
  }

  stats(): MicroBatcherStats {
    return { ...this.#counts, waiting: this.#queues.interactive.length + this.#queues.bulk.length };
  }

  /**
   * Results of the items, in order. After an abort the items that still wait leave the queue.
   *
   * @throws what the run threw for one of these items; the signal's reason; StageError INFERENCE.OVERLOADED.
   */
  submit(items: readonly Item[], { lane = 'interactive', signal }: SubmitOptions = {}): Promise<Result[]> {
    if (signal?.aborted === true) return Promise.reject(asError(signal.reason));
    if (items.length === 0) return Promise.resolve([]);
    const { maxQueued = 4096 } = this.options;
    const queue = this.#queues[lane];
    if (queue.length > 0 && queue.length + items.length > maxQueued) {
      return Promise.reject(
        new StageError('INFERENCE.OVERLOADED', `${queue.length} faces wait for the embedder already.`),
      );
    }
    return new Promise<Result[]>((resolve, reject) => {
      const job = this.#open(items.length, signal, resolve, reject);
      const since = performance.now();
      for (const [index, item] of items.entries()) queue.push({ item, index, job, since });
      this.poke();
    });
  }

  /** Starts what may start. Call it when a lane becomes idle by other work than this batcher's. */
  poke(): void {
    clearTimeout(this.#timer);
    const [late] = this.#queues.bulk;
    const lanes = late !== undefined && isLate(late.since) ? LANES.toReversed() : LANES;
    const waits = lanes.map((lane) => this.#start(lane));
    const first = Math.min(...waits);
    if (first !== Infinity) this.#timer = setTimeout(() => this.poke(), Math.max(1, Math.ceil(first)));
  }

  /** Starts what may start of a lane. Returns after how long the rest is to be looked at again, milliseconds. */
  #start(lane: Lane): number {
    while (this.#mayStart(lane)) {
      const take = this.#nextTake(lane);
      if (take === 0) return this.#remainingMs(lane);
      const batch = this.#queues[lane].splice(0, take);
      batch.push(...this.#queues.bulk.splice(0, this.#company(lane, take)));
      void this.#runBatch(batch, lane);
    }
    return Infinity;
  }

  #mayStart(lane: Lane): boolean {
    const [first] = this.#queues[lane];
    if (first === undefined) return false;
    const { interactive, bulk } = this.#running;
    if (lane === 'interactive') return interactive < this.options.lanes;
    return interactive + bulk < this.options.lanes && this.#order.mayBegin(first.since);
  }

  /** Bulk items that fill up an interactive batch of so many, where filling up is nearly free. */
  #company(lane: Lane, items: number): number {
    if (lane === 'bulk' || this.options.fit === 'split') return 0;
    return Math.min(this.#queues.bulk.length, ladderCeiling(items) - items);
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
        for (const lane of LANES) this.#queues[lane] = this.#queues[lane].filter((entry) => entry.job !== job);
        reject(error);
      },
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    return job;
  }

  /** How many items go now; 0 to wait for company. */
  #nextTake(lane: Lane): number {
    const waiting = this.#queues[lane].length;
    const full = waiting >= this.#maxBatch;
    const due = full || this.#remainingMs(lane) <= 0;
    if (this.options.fit === 'pad') return due ? Math.min(this.#maxBatch, waiting) : 0;
    const idle = this.options.idleLanes();
    if (idle > 0) return ladderFloor(Math.min(this.#maxBatch, Math.ceil(waiting / idle)));
    return due ? ladderFloor(Math.min(this.#maxBatch, waiting)) : 0;
  }

  #remainingMs(lane: Lane): number {
    return this.#queues[lane][0]!.since + this.options.maxWaitMs - performance.now();
  }

  async #runBatch(entries: readonly Entry<Item, Result>[], lane: Lane): Promise<void> {
    this.#running[lane]++;
    try {
      await this.#runAndDeliver(entries, lane);
    } catch (error) {
      await this.#isolate(entries, error, lane);
    } finally {
      this.#running[lane]--;
      this.poke();
    }
  }

  async #runAndDeliver(entries: readonly Entry<Item, Result>[], lane: Lane): Promise<void> {
    const size = this.options.fit === 'pad' ? ladderCeiling(entries.length) : entries.length;
    this.#counts.batches++;
    this.#counts.items += entries.length;
    this.#counts.padding += size - entries.length;
    const items = entries.map(({ item }) => item);
    const results = await this.options.run(items, size, lane);
    if (results.length !== items.length) {
      throw new StageError('INFERENCE.FAILED', `A batch of ${items.length} gave ${results.length} results.`);
    }
    for (const [row, { index, job }] of entries.entries()) job.deliver(index, results[row]!);
  }

  async #isolate(entries: readonly Entry<Item, Result>[], error: unknown, lane: Lane): Promise<void> {
    if (entries.length === 1 || this.options.failsAll?.(error) === true) {
      for (const { job } of entries) job.fail(error);
      return;
    }
    for (const entry of entries) {
      if (entry.job.settled) continue;
      this.#counts.retriedItems++;
      try {
        await this.#runAndDeliver([entry], lane);
      } catch (itemError) {
        entry.job.fail(itemError);
      }
    }
  }
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
