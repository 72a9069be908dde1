import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteBudget } from './byte-budget.js';

const NEVER = new AbortController().signal;

interface Held {
  readonly admitted: boolean;
  readonly release: () => void;
  readonly done: Promise<unknown>;
}

/** A holder of the budget that stays until it is released. */
function hold(budget: ByteBudget, bytes: number, signal: AbortSignal = NEVER, owner?: string): Held {
  const gate = Promise.withResolvers<undefined>();
  const held = { admitted: false };
  const work = (): Promise<undefined> => {
    held.admitted = true;
    return gate.promise;
  };
  const done = budget.with(bytes, signal, work, owner);
  done.catch(() => undefined);
  return {
    get admitted() {
      return held.admitted;
    },
    release: () => gate.resolve(undefined),
    done,
  };
}

/** Until every promise that can go on has done so. */
const settle = (): Promise<void> => new Promise((resume) => setImmediate(resume));

async function admitted(...held: readonly Held[]): Promise<boolean[]> {
  await settle();
  return held.map((one) => one.admitted);
}

describe('ByteBudget', () => {
  it('lets in what fits and has the rest wait, in order', async () => {
    const budget = new ByteBudget(10);
    const [first, second, large, small] = [4, 6, 8, 1].map((bytes) => hold(budget, bytes)) as [Held, Held, Held, Held];
    expect(await admitted(first, second, large, small)).toEqual([true, true, false, false]);
    first.release();
    // The small one would fit, but would then go before the large one for ever.
    expect(await admitted(large, small)).toEqual([false, false]);
    second.release();
    expect(await admitted(large, small)).toEqual([true, true]);
  });

  it('has whoever holds three quarters wait for himself, and others pass him', async () => {
    const budget = new ByteBudget(100);
    const of = (owner: string, bytes: number): Held => hold(budget, bytes, NEVER, owner);
    const [one, two, three] = [of('a', 40), of('a', 35), of('a', 1)];
    const others = [of('b', 20), of('c', 5)];
    expect(await admitted(one, two, three, ...others)).toEqual([true, true, false, true, true]);
    others[0]!.release();
    expect(await admitted(three)).toEqual([false]);
    one.release();
    expect(await admitted(three)).toEqual([true]);
  });

  it('lets one body be larger than a share', async () => {
    const budget = new ByteBudget(100);
    const large = hold(budget, 100, NEVER, 'a');
    const next = hold(budget, 100, NEVER, 'a');
    expect(await admitted(large, next)).toEqual([true, false]);
    large.release();
    expect(await admitted(next)).toEqual([true]);
  });

  it('counts more than there is as all of it, and gives it back', async () => {
    const budget = new ByteBudget(10);
    const huge = hold(budget, 1_000);
    const next = hold(budget, 10);
    expect(await admitted(huge, next)).toEqual([true, false]);
    huge.release();
    expect(await admitted(next)).toEqual([true]);
  });

  it('gives back what failed work has held', async () => {
    const budget = new ByteBudget(10);
    const failure = budget.with(10, NEVER, () => Promise.reject(new Error('broken')));
    const next = hold(budget, 10);
    await expect(failure).rejects.toThrow('broken');
    expect(await admitted(next)).toEqual([true]);
  });

  it('lets go who gives up waiting, and those behind go on', async () => {
    const budget = new ByteBudget(10);
    const running = hold(budget, 5);
    const leaves = new AbortController();
    const large = hold(budget, 8, leaves.signal);
    const small = hold(budget, 5);
    expect(await admitted(large, small)).toEqual([false, false]);
    leaves.abort(new Error('hung up'));
    await expect(large.done).rejects.toThrow('hung up');
    expect(await admitted(large, small)).toEqual([false, true]);
    running.release();
    small.release();
    await Promise.all([running.done, small.done]);
    expect(await admitted(hold(budget, 10))).toEqual([true]);
  });

  it('takes nothing for who has given up before', async () => {
    const budget = new ByteBudget(10);
    await expect(hold(budget, 10, AbortSignal.abort(new Error('gone'))).done).rejects.toThrow('gone');
    expect(await admitted(hold(budget, 10))).toEqual([true]);
  });

  it('keeps what was let in when its signal aborts later: the work itself decides', async () => {
    const budget = new ByteBudget(10);
    const leaves = new AbortController();
    const running = hold(budget, 10, leaves.signal);
    await settle();
    leaves.abort();
    const next = hold(budget, 1);
    expect(await admitted(next)).toEqual([false]);
    running.release();
    expect(await admitted(next)).toEqual([true]);
  });

  it('never holds more than there is, whoever comes, goes or gives up, and has it all in the end', async () => {
    const actions = fc.array(
      fc.record({
        does: fc.constantFrom('take', 'take', 'leave', 'release'),
        bytes: fc.integer({ min: 0, max: 30 }),
        which: fc.nat(50),
        owner: fc.constantFrom('a', 'b', undefined),
      }),
      { maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), actions, async (total, steps) => {
        const budget = new ByteBudget(total);
        const taken: { gate: PromiseWithResolvers<undefined>; leaves: AbortController; done: Promise<unknown> }[] = [];
        let held = 0;
        const take = (bytes: number, owner: string | undefined): void => {
          const gate = Promise.withResolvers<undefined>();
          const leaves = new AbortController();
          const share = Math.min(bytes, total);
          const work = async (): Promise<void> => {
            held += share;
            expect(held).toBeLessThanOrEqual(total);
            await gate.promise;
            held -= share;
          };
          const done = budget.with(bytes, leaves.signal, work, owner);
          taken.push({ gate, leaves, done: done.catch((error: unknown) => error) });
        };
        for (const { does, bytes, which, owner } of steps) {
          const one = taken[which % Math.max(1, taken.length)];
          if (does === 'take') take(bytes, owner);
          else if (does === 'leave') one?.leaves.abort('left');
          else one?.gate.resolve(undefined);
          await settle();
        }
        for (const { gate } of taken) gate.resolve(undefined);
        const ends = await Promise.all(taken.map(({ done }) => done));
        expect(ends.filter((end) => end !== undefined && end !== 'left')).toEqual([]);
        expect(await admitted(hold(budget, total))).toEqual([true]);
      }),
      { numRuns: 200 },
    );
  });
});
