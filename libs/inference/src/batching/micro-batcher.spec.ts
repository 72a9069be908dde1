import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Lane } from '@facelane/contracts';
import { BATCH_LADDER } from './ladder.js';
import { MicroBatcher, type MicroBatcherOptions } from './micro-batcher.js';

/** Doubles numbers; fails a batch that holds a negative one. Batches wait at a gate when one is set. */
class FakeRunner {
  readonly batches: { items: readonly number[]; size: number }[] = [];
  readonly lanes: Lane[] = [];
  running = 0;
  mostRunning = 0;
  #gate: Promise<void> = Promise.resolve();
  #open: () => void = () => undefined;

  hold(): void {
    this.#gate = new Promise((resolve) => (this.#open = resolve));
  }

  release(): void {
    this.#open();
  }

  readonly run = async (items: readonly number[], size: number, lane: Lane): Promise<number[]> => {
    this.batches.push({ items, size });
    this.lanes.push(lane);
    this.mostRunning = Math.max(this.mostRunning, ++this.running);
    await this.#gate;
    this.running--;
    if (items.some((item) => item < 0)) throw new Error(`bad item in [${items.join(' ')}]`);
    return items.map((item) => item * 2);
  };
}

let runner: FakeRunner;

function batcher(options: Partial<MicroBatcherOptions<number, number>> = {}): MicroBatcher<number, number> {
  const lanes = options.lanes ?? 1;
  return new MicroBatcher<number, number>({
    run: runner.run,
    maxBatch: 4,
    maxWaitMs: 10,
    fit: 'pad',
    idleLanes: () => lanes - runner.running,
    ...options,
    lanes,
  });
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  runner = new FakeRunner();
});

afterEach(() => vi.useRealTimers());

describe('a micro-batcher that pads', () => {
  it('gathers concurrent callers and gives each his results in order', async () => {
    const subject = batcher();
    const results = Promise.all([subject.submit([1, 2]), subject.submit([3, 4])]);
    expect(await results).toEqual([
      [2, 4],
      [6, 8],
    ]);
    expect(runner.batches).toEqual([{ items: [1, 2, 3, 4], size: 4 }]);
  });

  it('waits for company no longer than maxWaitMs, then pads to the ladder', async () => {
    const subject = batcher();
    const result = subject.submit([1, 2, 3]);
    await vi.advanceTimersByTimeAsync(9);
    expect(runner.batches).toEqual([]);
    expect(subject.stats().waiting).toBe(3);
    await vi.advanceTimersByTimeAsync(1);
    expect(runner.batches).toEqual([{ items: [1, 2, 3], size: 4 }]);
    expect(await result).toEqual([2, 4, 6]);
    expect(subject.stats()).toEqual({ batches: 1, items: 3, padding: 1, retriedItems: 0, waiting: 0 });
  });

  it('never has more batches under way than lanes; what came meanwhile goes together', async () => {
    const subject = batcher({ maxWaitMs: 0 });
    runner.hold();
    const results = [subject.submit([1]), subject.submit([2]), subject.submit([3])];
    await vi.advanceTimersByTimeAsync(5);
    expect(runner.batches.length).toBe(1);
    runner.release();
    await Promise.all(results);
    expect(runner.mostRunning).toBe(1);
    expect(runner.batches.map(({ items }) => items)).toEqual([[1], [2, 3]]);
  });
});

describe('a micro-batcher that splits', () => {
  it('goes at once while a lane is idle, and spreads over the idle lanes', async () => {
    const subject = batcher({ fit: 'split', lanes: 2, maxWaitMs: 1_000_000 });
    expect(await subject.submit([1, 2, 3, 4])).toEqual([2, 4, 6, 8]);
    expect(runner.batches).toEqual([
      { items: [1, 2], size: 2 },
      { items: [3, 4], size: 2 },
    ]);
  });

  it('waits while other work keeps the lanes, until it is poked', async () => {
    let idle = 0;
    const subject = batcher({ fit: 'split', idleLanes: () => idle, maxWaitMs: 1_000_000 });
    const result = subject.submit([1]);
    expect(runner.batches).toEqual([]);
    idle = 1;
    subject.poke();
    expect(await result).toEqual([2]);
  });

  it('does not wait when a batch is full', async () => {
    const subject = batcher({ fit: 'split', idleLanes: () => 0, maxWaitMs: 1_000_000 });
    expect(await subject.submit([1, 2, 3, 4])).toEqual([2, 4, 6, 8]);
  });
});

describe('lanes of a micro-batcher', () => {
  it('have interactive items go first, in batches of their own where a batch costs as much as its parts', async () => {
    const subject = batcher({ fit: 'split', maxWaitMs: 0 });
    runner.hold();
    const results = [
      subject.submit([1, 2, 3, 4], { lane: 'bulk' }),
      subject.submit([5, 6, 7, 8], { lane: 'bulk' }),
      subject.submit([9]),
    ];
    await vi.advanceTimersByTimeAsync(5);
    // It does not wait for the bulk batch that is under way: who runs first is for the threads to say.
    expect(runner.batches.map(({ items }) => items)).toEqual([[1, 2, 3, 4], [9]]);
    runner.release();
    await Promise.all(results);
    expect(runner.batches.map(({ items }) => items)).toEqual([[1, 2, 3, 4], [9], [5, 6, 7, 8]]);
    expect(runner.lanes).toEqual(['bulk', 'interactive', 'bulk']);
  });

  it('have bulk items fill up an interactive batch where that is free', async () => {
    const subject = batcher({ fit: 'pad', maxWaitMs: 10 });
    const results = [subject.submit([1, 2], { lane: 'bulk' }), subject.submit([3, 4, 5])];
    await vi.advanceTimersByTimeAsync(10);
    await Promise.all(results);
    expect(runner.batches[0]).toEqual({ items: [3, 4, 5, 1], size: 4 });
    expect(runner.lanes[0]).toBe('interactive');
  });

  it('have bulk items wait while they may not begin', async () => {
    let may = false;
    const released: (() => void)[] = [];
    const order = { mayBegin: () => may, onRelease: (listener: () => void) => void released.push(listener) };
    const subject = batcher({ fit: 'split', order });
    const bulk = subject.submit([1], { lane: 'bulk' });
    expect(await subject.submit([2])).toEqual([4]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(runner.batches.length).toBe(1);
    may = true;
    for (const release of released) release();
    expect(await bulk).toEqual([2]);
  });

  it('have bulk items that are late go first', async () => {
    const subject = batcher({ fit: 'split', maxWaitMs: 0 });
    runner.hold();
    const results = [subject.submit([1], { lane: 'bulk' }), subject.submit([2], { lane: 'bulk' }), subject.submit([3])];
    await vi.advanceTimersByTimeAsync(5_000);
    results.push(subject.submit([4]));
    runner.release();
    await Promise.all(results);
    expect(runner.batches.map(({ items }) => items)).toEqual([[1], [3], [2], [4]]);
  });
});

describe('a failing batch', () => {
  it('runs again item by item, so that only the caller of the bad item fails', async () => {
    const subject = batcher();
    const settled = await Promise.allSettled([subject.submit([1]), subject.submit([-2, 3]), subject.submit([4])]);
    expect(settled).toMatchObject([
      { status: 'fulfilled', value: [2] },
      { status: 'rejected', reason: { message: 'bad item in [-2]' } },
      { status: 'fulfilled', value: [8] },
    ]);
    expect(subject.stats().retriedItems).toBe(3);
  });

  it('is not run again when no item is at fault', async () => {
    const subject = batcher({ failsAll: () => true });
    const settled = await Promise.allSettled([subject.submit([1, 2, 3]), subject.submit([-4])]);
    expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(runner.batches.length).toBe(1);
  });

  it('leaves the batcher working', async () => {
    const subject = batcher({ maxWaitMs: 0, fit: 'split' });
    await expect(subject.submit([-1])).rejects.toThrow('bad item');
    expect(await subject.submit([5])).toEqual([10]);
  });
});

describe('an aborted caller', () => {
  it('gets the reason, and his waiting items never run', async () => {
    const subject = batcher();
    const controller = new AbortController();
    const aborted = subject.submit([1, 2], { signal: controller.signal });
    const other = subject.submit([3]);
    controller.abort(new Error('changed my mind'));
    await expect(aborted).rejects.toThrow('changed my mind');
    await vi.advanceTimersByTimeAsync(10);
    expect(await other).toEqual([6]);
    expect(runner.batches.flatMap(({ items }) => items)).toEqual([3]);
    await expect(subject.submit([1], { signal: controller.signal })).rejects.toThrow('changed my mind');
  });
});

describe('a full queue', () => {
  it('refuses a further job, but never a single large one', async () => {
    const subject = batcher({ maxQueued: 3, maxWaitMs: 0 });
    runner.hold();
    const large = subject.submit([1, 2, 3, 4, 5, 6]);
    await expect(subject.submit([7, 8])).rejects.toMatchObject({ code: 'INFERENCE.OVERLOADED', retry: 'backoff' });
    runner.release();
    expect(await large).toEqual([2, 4, 6, 8, 10, 12]);
  });
});

describe('whatever callers do', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed + 1))(
    'each gets his own results, in batches of the ladder (seed %i)',
    async (seed) => {
      const random = lehmer(seed);
      const fit = random(2) === 0 ? 'pad' : 'split';
      const subject = batcher({ fit, lanes: 1 + random(3), maxBatch: 1 + random(32), maxWaitMs: random(5) });
      const jobs = Array.from({ length: 12 }, () =>
        Array.from({ length: random(9) }, () => (random(40) === 0 ? -1 : 1) * (1 + random(1000))),
      );
      const settling = Promise.allSettled(
        jobs.map(async (items) => {
          await new Promise((resolve) => setTimeout(resolve, random(8)));
          return subject.submit(items);
        }),
      );
      await vi.runAllTimersAsync();
      for (const [index, outcome] of (await settling).entries()) {
        const items = jobs[index]!;
        expect(outcome.status).toBe(items.some((item) => item < 0) ? 'rejected' : 'fulfilled');
        if (outcome.status === 'fulfilled') expect(outcome.value).toEqual(items.map((item) => item * 2));
      }
      for (const { items, size } of runner.batches) {
        expect(BATCH_LADDER).toContain(size);
        expect(size).toBeGreaterThanOrEqual(items.length);
        if (fit === 'split') expect(size).toBe(items.length);
      }
    },
  );
});

/** Whole numbers below `limit`, the same for a seed on every machine (Lehmer's generator, modulus 2^31 − 1). */
function lehmer(seed: number): (limit: number) => number {
  let state = seed * 48_271;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
}
