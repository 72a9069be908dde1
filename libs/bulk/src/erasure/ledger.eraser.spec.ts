import { gunzipSync } from 'node:zlib';
import { type BulkJobDocument, type BulkProgressDocument, keys, type LedgerEntry } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  collect,
  LocalExclusion,
  openDocuments,
  type TestDocuments,
} from '../../../registry/src/testing/document-stores.js';
import { writeResults } from '../ledger/results.file.js';
import { onStore } from '../testing/bulk.fixture.js';
import { jobOf, PERSON } from '../testing/bulk.samples.js';
import { naming } from '../testing/erasure.fixture.js';
import { LedgerEraser } from './ledger.eraser.js';

const OTHER = '00000000-0000-5000-8000-000000000003';
const people = new Set([PERSON]);
const ours = (): Promise<boolean> => Promise.resolve(true);

const entry = (line: number, ...found: string[]): LedgerEntry => ({
  ...{ line, item: `s3://photos/${line}.jpg`, outcome: 'done' },
  faces: found.map((personId) => ({ decision: 'match', personId, score: 0.5 })),
});

const progressOf = (more: Partial<BulkProgressDocument>): BulkProgressDocument => ({
  ...{ version: 1, state: 'running', fence: 1, accounted: 0, cursor: 'c', failures: {} },
  counts: { done: 0, no_faces: 0, duplicate: 0, failed: 0, cancelled: 0 },
  updatedAt: '2026-01-01T00:00:01.000Z',
  ...more,
});

describe.each(['fs', 's3'] as const)('LedgerEraser on %s', (driver) => {
  let test: TestDocuments;
  const exclusion = new LocalExclusion();
  beforeAll(async () => {
    test = await openDocuments(driver);
  });
  afterAll(() => test.close());

  const eraser = (store: ObjectStore = test.store): LedgerEraser =>
    new LedgerEraser(store, exclusion, onStore(store, exclusion).jobs);

  /** A job with a segment of each list; `end`: it has a results file too. */
  async function jobWith(lists: readonly LedgerEntry[][], end = true): Promise<BulkJobDocument> {
    const { jobs, segments, ledger } = onStore(test.store, exclusion);
    const job = jobOf({ tenant: 'acme' });
    await jobs.create(job);
    const accounted = lists.flat().length;
    for (const list of lists) await segments.write(job, list[0]!.line, list, ours);
    if (end) await writeResults(test.store, ledger, job, () => Promise.resolve({ accounted }));
    await jobs.writeProgress(job, progressOf({ accounted, ...(end && { state: 'completed' }) }));
    return job;
  }

  const marks = async (job: BulkJobDocument): Promise<string[]> =>
    (await collect(test.store.list(keys.bulkErasedPeople(job.tenant, job.id)))).map(({ key }) => key);
  const entriesOf = async (job: BulkJobDocument, accounted: number): Promise<LedgerEntry[]> =>
    collect(onStore(test.store).ledger.entries(job, accounted));

  it('counts the objects that named the person, and keeps the lines and everybody else', async () => {
    const job = await jobWith([[entry(1, PERSON), entry(2)], [entry(3, OTHER)], [entry(4, OTHER, PERSON)]]);
    const elsewhere = await jobWith([[entry(1, PERSON)]]);
    expect(await eraser().erase(job, people)).toBe(3);
    const [first, , , last] = await entriesOf(job, 4);
    expect(first?.faces).toEqual([{ decision: 'none' }]);
    expect(last?.faces).toEqual([{ decision: 'match', personId: OTHER, score: 0.5 }, { decision: 'none' }]);
    const { body } = await test.store.get(keys.bulkResults(job.tenant, job.id));
    expect(gunzipSync(body).toString().trimEnd().split('\n')).toHaveLength(4);
    expect(await naming(test.store, job)).toEqual([]);
    expect(await eraser().erase(job, people)).toBe(0);
    // Another collection has other people, whatever their ids.
    expect(await naming(test.store, elsewhere)).toHaveLength(2);
  });

  it('finishes an erasure that died between the ledger and the results file', async () => {
    const job = await jobWith([[entry(1, PERSON)]]);
    const key = keys.bulkSegment(job.tenant, job.id, 1);
    await onStore(test.store, exclusion).segments.takeOut(key, (id) => people.has(id));
    expect(await naming(test.store, job)).toEqual([keys.bulkResults(job.tenant, job.id)]);
    expect(await eraser().erase(job, people)).toBe(1);
    expect(await naming(test.store, job)).toEqual([]);
  });

  it('leaves a mark that names nobody with a job that has not ended, until it is off the list of those', async () => {
    const { jobs } = onStore(test.store, exclusion);
    const job = await jobWith([[entry(1, PERSON)]], false);
    expect(await eraser().erase(job, people)).toBe(1);
    expect(await marks(job)).toHaveLength(1);
    expect(await naming(test.store, job)).toEqual([]);
    await jobs.writeProgress(job, progressOf({ accounted: 1, state: 'paused' }));
    expect(await marks(job)).toHaveLength(1);
    await jobs.writeProgress(job, progressOf({ accounted: 1, state: 'completed' }));
    await jobs.unmark(job);
    expect(await marks(job)).toEqual([]);
  });

  it('takes its mark away when the job ends meanwhile, and leaves none with one that has ended', async () => {
    const { jobs } = onStore(test.store, exclusion);
    const job = await jobWith([[entry(1)]], false);
    // The mark comes when whoever ended the job has looked for marks.
    const late = before(test.store, 'put', async () => {
      await jobs.writeProgress(job, progressOf({ accounted: 1, state: 'completed' }));
    });
    await eraser(late).erase(job, people);
    expect(await marks(job)).toEqual([]);
    await eraser().erase(job, people);
    expect(await marks(job)).toEqual([]);
  });

  it('does not bring back a segment that was filed anew while it was cleaned', async () => {
    const job = await jobWith([[entry(1, PERSON)]], false);
    const next = [entry(1, PERSON), entry(2, OTHER)];
    const { segments } = onStore(test.store, exclusion);
    // What the next feeder files: at once where there are conditions, else when it is let in.
    let filed: Promise<void> | undefined;
    const raced = before(test.store, 'put', async (key) => {
      if (!key.includes('/ledger/') || filed !== undefined) return;
      filed = segments.write(job, 1, next, ours);
      if (driver === 'fs') await filed;
    });
    await eraser(raced).erase(job, people);
    await filed;
    const entries = await entriesOf(job, 2);
    expect(entries.map(({ line }) => line)).toEqual([1, 2]);
    // Where it came last, its feeder sees the mark and takes the person out.
    expect(await naming(test.store, job)).toHaveLength(driver === 'fs' ? 0 : 1);
  });

  it('writes the results file again when the ledger has changed under it', async () => {
    const job = await jobWith([[entry(1, PERSON)], [entry(2)]]);
    const { ledger } = onStore(test.store);
    let erased: number | undefined;
    const store = before(test.store, 'putStream', async () => {
      // Read by then, but not written: who erases finds nothing there.
      await test.store.delete(keys.bulkResults(job.tenant, job.id));
      erased ??= await eraser().erase(job, people);
    });
    await writeResults(store, ledger, job, () => Promise.resolve({ accounted: 2 }));
    expect(erased).toBe(1);
    expect(await naming(test.store, job)).toEqual([]);
  });
});

/** The store on which something else happens before each such call does its work. */
function before(store: ObjectStore, method: 'put' | 'putStream', act: (key: string) => Promise<void>): ObjectStore {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== method) return value.bind(target) as unknown;
      return async (key: string, body: unknown, options: unknown): Promise<unknown> => {
        const chunks = method === 'putStream' ? await collect(body as AsyncIterable<Uint8Array>) : undefined;
        await act(key);
        return (await Reflect.apply(value, target, [
          key,
          chunks === undefined ? body : of(chunks),
          options,
        ])) as unknown;
      };
    },
  });
}

async function* of(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield* chunks;
}
