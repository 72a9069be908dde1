import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { keys, type LedgerEntry } from '@facelane/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  allPages,
  collect,
  LocalExclusion,
  openDocuments,
  type TestDocuments,
} from '../../../registry/src/testing/document-stores.js';
import { Ledger } from './ledger.js';
import { writeResults } from './results.file.js';
import { SegmentWriter } from './segment.writer.js';

const entry = (line: number, more: Partial<LedgerEntry> = {}): LedgerEntry => ({
  line,
  item: `s3://photos/${line}.jpg`,
  outcome: 'done',
  ...more,
});

const failed = (line: number, code: string): LedgerEntry =>
  entry(line, { outcome: 'failed', failure: { stage: 'ingest', code, message: 'm', retryable: false } });

const range = (from: number, to: number): LedgerEntry[] =>
  Array.from({ length: to - from + 1 }, (_, i) => entry(from + i));

const far = (accounted: number) => () => Promise.resolve({ accounted });
const ours = (): Promise<boolean> => Promise.resolve(true);

describe.each(['fs', 's3'] as const)('Ledger on %s', (driver) => {
  let test: TestDocuments;
  let ledger: Ledger;
  let segments: SegmentWriter;
  beforeAll(async () => {
    test = await openDocuments(driver);
    ledger = new Ledger(test.store);
    segments = new SegmentWriter(test.store, new LocalExclusion());
  });
  afterAll(() => test.close());

  const jobWith = async (...lists: LedgerEntry[][]): Promise<{ tenant: string; id: string }> => {
    const job = { tenant: 'acme', id: randomUUID() };
    let first = 1;
    for (const filed of lists) {
      await segments.write(job, first, filed, ours);
      first += filed.length;
    }
    return job;
  };

  it('gives back every line in order, of segments of any length', async () => {
    const job = await jobWith(range(1, 500), range(501, 507), range(508, 1_000));
    expect(await collect(ledger.entries(job, 1_000))).toEqual(range(1, 1_000));
    expect(await collect(ledger.entries(job, 1_000, 503))).toEqual(range(503, 1_000));
  });

  it('counts items, whatever lines they are on', async () => {
    const odd = range(1, 1_200).filter(({ line }) => line % 2 === 1);
    const job = await jobWith(odd.slice(0, 500), odd.slice(500));
    expect(await collect(ledger.entries(job, 600))).toEqual(odd);
    expect((await allPages((after) => ledger.page(job, 600, { limit: 7, after }))).items).toEqual(odd);
  });

  it('leaves out what was filed and never counted', async () => {
    const job = await jobWith(range(1, 500), range(501, 900));
    expect(await collect(ledger.entries(job, 500))).toEqual(range(1, 500));
    expect(await ledger.page(job, 500, { limit: 1_000 })).toEqual({ items: range(1, 500) });
  });

  it('replaces a segment, unless the job is somebody else’s', async () => {
    const job = await jobWith(range(1, 10));
    await segments.write(job, 1, range(1, 20), ours);
    await expect(segments.write(job, 1, range(1, 3), () => Promise.resolve(false))).rejects.toMatchObject({
      code: 'QUEUE.LEASE_LOST',
    });
    expect(await collect(ledger.entries(job, 20))).toEqual(range(1, 20));
  });

  it('pages by outcome and code', async () => {
    const odd = range(1, 900).map((one) => (one.line % 100 === 7 ? failed(one.line, `X.${one.line % 200}`) : one));
    const job = await jobWith(odd.slice(0, 500), odd.slice(500));
    const pages = (query: object) => allPages((after) => ledger.page(job, 900, { limit: 3, after, ...query }));
    expect((await pages({ outcome: 'failed' })).items.map(({ line }) => line)).toEqual([
      7, 107, 207, 307, 407, 507, 607, 707, 807,
    ]);
    expect((await pages({ code: 'X.107' })).items.map(({ line }) => line)).toEqual([107, 307, 507, 707]);
    expect(await pages({ outcome: 'cancelled' })).toEqual({ items: [], pages: 1 });
    expect((await allPages((after) => ledger.page(job, 900, { limit: 400, after }))).items).toEqual(odd);
  });

  it('ends a page after a bounded number of segments, and goes on from there', async () => {
    const job = await jobWith(...Array.from({ length: 45 }, (_, i) => [entry(i + 1)]));
    const { items, pages } = await allPages((after) => ledger.page(job, 45, { limit: 10, outcome: 'failed', after }));
    expect({ items, pages }).toEqual({ items: [], pages: 3 });
    expect((await allPages((after) => ledger.page(job, 45, { limit: 10, after }))).items).toEqual(range(1, 45));
  });

  it('is one gzip file in the end', async () => {
    const job = await jobWith(range(1, 500), range(501, 700), range(701, 720));
    const key = await writeResults(test.store, ledger, job, far(700));
    expect(key).toBe(keys.bulkResults(job.tenant, job.id));
    const text = gunzipSync((await test.store.get(key)).body).toString();
    expect(
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(range(1, 700));
    const none = await writeResults(test.store, ledger, await jobWith(), far(0));
    expect((await test.store.get(none)).size).toBe(0);
  });

  it('says that a segment is damaged', async () => {
    const job = await jobWith();
    await test.store.put(keys.bulkSegment(job.tenant, job.id, 1), new Uint8Array([1, 2, 3]), {
      contentType: 'text/plain',
    });
    await expect(ledger.page(job, 5, { limit: 1 })).rejects.toMatchObject({ code: 'STORE.CORRUPT' });
  });
});

describe('a feeder that slept', () => {
  it('does not overwrite what the next one filed', async () => {
    const test = await openDocuments('fs');
    const ledger = new Ledger(test.store);
    const segments = new SegmentWriter(test.store, new LocalExclusion());
    const job = { tenant: 'acme', id: randomUUID() };
    let owner = 'first';
    const stale = segments.write(job, 1, [entry(1, { outcome: 'cancelled' })], async () => {
      if (owner !== 'first') return false;
      // Between his question and his write, the next one takes over and files the line.
      owner = 'second';
      await segments.write(job, 1, [entry(1)], ours);
      return true;
    });
    await expect(stale).rejects.toMatchObject({ code: 'QUEUE.LEASE_LOST' });
    expect(await collect(ledger.entries(job, 1))).toEqual([entry(1)]);
    await test.close();
  });
});
