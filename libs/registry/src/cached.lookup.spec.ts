import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CachedLookup } from './cached.lookup.js';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

describe('CachedLookup', () => {
  it('asks once for callers at once, and again when the answer is old', async () => {
    const lookup = new CachedLookup<number>({ ttlMs: 100 });
    let asked = 0;
    const ask = (): Promise<number> => Promise.resolve((asked += 1));
    expect(await Promise.all([lookup.get('a', ask), lookup.get('a', ask)])).toEqual([1, 1]);
    vi.advanceTimersByTime(99);
    expect(await lookup.get('a', ask)).toBe(1);
    vi.advanceTimersByTime(1);
    expect(await lookup.get('a', ask)).toBe(2);
  });

  it('forgets a failed question, and the oldest answer when it is full', async () => {
    const lookup = new CachedLookup<string>({ capacity: 2 });
    await expect(lookup.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    for (const key of ['a', 'b', 'c']) expect(await lookup.get(key, () => Promise.resolve(key))).toBe(key);
    expect(await lookup.get('a', () => Promise.resolve('asked again'))).toBe('asked again');
    expect(await lookup.get('c', () => Promise.resolve('asked again'))).toBe('c');
  });
});
