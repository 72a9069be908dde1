import { keys } from '@facelane/contracts';
import type { ObjectInfo } from '@facelane/object-store';
import { describe, expect, it } from 'vitest';
import { bulkJob, bulkProgress } from '../../testing/bulk.documents.js';
import { jobRate } from './job.rate.js';

const START = Date.parse('2026-06-01T00:00:00.000Z');
const job = bulkJob();

/** A ledger whose segments begin at these lines and were written so many seconds after the start. */
const ledger = (...segments: readonly (readonly [first: number, second: number])[]) => ({
  async *list(prefix: string, { startAfter = '' } = {}): AsyncGenerator<ObjectInfo> {
    for (const [first, second] of segments) {
      const key = keys.bulkSegment(job.tenant, job.id, first);
      const lastModified = new Date(START + second * 1000);
      if (key > startAfter && key.startsWith(prefix))
        yield await Promise.resolve({ key, etag: '', size: 1, lastModified });
    }
  },
});

const rate = (
  accounted: number,
  second: number,
  ...segments: readonly (readonly [number, number])[]
): Promise<number | undefined> => jobRate(ledger(...segments), job, bulkProgress({ accounted }), START + second * 1000);

describe('the rate of a job', () => {
  it('is that of the last minute, whatever came before', async () => {
    // 1000 items in the first hour, then 1000 in the last 50 seconds.
    expect(await rate(2000, 3650, [1, 1800], [501, 3600 - 10], [1001, 3620], [1501, 3645])).toBeCloseTo(1000 / 60, 1);
  });

  it('is that since the start while that is less than a minute ago', async () => {
    expect(await rate(1000, 20, [1, 10], [501, 20])).toBe(50);
  });

  it('is none when nothing has ended for a minute', async () => {
    expect(await rate(500, 1000, [1, 900])).toBe(0);
  });

  it('counts no segment that is not accounted for', async () => {
    expect(await rate(500, 10, [1, 5], [501, 9])).toBe(50);
  });

  it('is unknown before the first segment, and of a job that does not run', async () => {
    expect(await rate(0, 10)).toBeUndefined();
    const paused = bulkProgress({ accounted: 500, state: 'paused' });
    expect(await jobRate(ledger([1, 5]), job, paused, START + 10_000)).toBeUndefined();
  });
});
