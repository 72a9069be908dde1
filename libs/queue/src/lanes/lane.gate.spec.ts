import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LaneGate } from './lane.gate.js';

let gate: LaneGate;
const now = (): boolean => gate.mayBegin(performance.now());

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  gate = new LaneGate();
});
afterEach(() => vi.useRealTimers());

/** Work that ends when it is told to. */
function work(): { readonly begun: () => boolean; readonly end: () => void; readonly run: () => Promise<string> } {
  const ended = Promise.withResolvers<string>();
  let begun = false;
  return {
    begun: () => begun,
    end: () => ended.resolve('done'),
    run: () => {
      begun = true;
      return ended.promise;
    },
  };
}

describe('a lane gate', () => {
  it('lets both lanes pass when nobody waits', async () => {
    const [bulk, interactive] = [work(), work()];
    bulk.end();
    interactive.end();
    await expect(gate.pass('bulk', bulk.run)).resolves.toBe('done');
    await expect(gate.pass('interactive', interactive.run)).resolves.toBe('done');
  });

  it('begins no bulk work while interactive work runs, nor shortly after it', async () => {
    const [interactive, bulk] = [work(), work()];
    const first = gate.pass('interactive', interactive.run);
    const second = gate.pass('bulk', bulk.run);
    expect([interactive.begun(), now()]).toEqual([true, false]);
    interactive.end();
    await first;
    await vi.advanceTimersByTimeAsync(39);
    expect([bulk.begun(), now()]).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(1);
    expect([bulk.begun(), now()]).toEqual([true, true]);
    bulk.end();
    await expect(second).resolves.toBe('done');
  });

  it('is held until the last one has ended, also when one fails', async () => {
    const other = work();
    const failed = gate.pass('interactive', () => Promise.reject(new Error('no')));
    const running = gate.pass('interactive', other.run);
    await expect(failed).rejects.toThrow('no');
    await vi.advanceTimersByTimeAsync(100);
    expect(now()).toBe(false);
    other.end();
    await running;
    await vi.advanceTimersByTimeAsync(40);
    expect(now()).toBe(true);
  });

  it('is not held for longer than a second by work that hangs', async () => {
    const [hanging, bulk] = [work(), work()];
    void gate.pass('interactive', hanging.run);
    void gate.pass('bulk', bulk.run);
    await vi.advanceTimersByTimeAsync(999);
    expect(bulk.begun()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect([bulk.begun(), now()]).toEqual([true, true]);
  });

  it('lets bulk work begin after five seconds although there is always somebody who waits', async () => {
    const bulk = work();
    const since = performance.now();
    void gate.pass('interactive', work().run);
    void gate.pass('bulk', bulk.run);
    for (let elapsed = 0; elapsed < 4_900; elapsed += 700) {
      await vi.advanceTimersByTimeAsync(700);
      void gate.pass('interactive', work().run);
    }
    expect([bulk.begun(), gate.mayBegin(since)]).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(100);
    expect([bulk.begun(), gate.mayBegin(since), now()]).toEqual([true, true, false]);
  });

  it('tells when it is held no more', async () => {
    const released = vi.fn();
    gate.onRelease(released);
    const letGo = gate.hold();
    letGo();
    letGo();
    expect(released).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(released).toHaveBeenCalledOnce();
  });
});
