import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type BulkJobDocument, keys, type LedgerEntry } from '@facelane/contracts';
import { FsObjectStore, type ObjectStore } from '@facelane/object-store';
import { startRedis, type TestRedis } from '@facelane/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { JobControl } from '../feeder/job.control.js';
import { Ledger } from '../ledger/ledger.js';
import { writeResults } from '../ledger/results.file.js';
import { hasEnded } from '../registry/bulk-jobs.registry.js';
import { BulkBench, onStore, type RunOptions } from '../testing/bulk.fixture.js';
import { type ItemName, PERSON } from '../testing/bulk.samples.js';
import { erasePerson, ledgerEraser, naming } from '../testing/erasure.fixture.js';
import { type Death, mortalStore } from '../testing/mortal.store.js';
import { Turns } from '../testing/turns.js';

let redis: TestRedis;
let dir: string;
let store: FsObjectStore;
let bench: BulkBench;

beforeAll(async () => {
  redis = await startRedis();
  dir = await mkdtemp(join(tmpdir(), 'facelane-bulk-'));
  store = new FsObjectStore({ root: dir, bucket: 'facelane' });
  bench = new BulkBench(store, redis.url);
  await bench.startWorker();
});
afterAll(async () => {
  await bench.close();
  await store.close();
  await redis.stop();
  await rm(dir, { recursive: true, force: true });
});

const IMMORTAL: Death = { afterCalls: Infinity, lastOneLands: false };

const deaths = fc.record({ afterCalls: fc.nat(120), lastOneLands: fc.boolean() });
const cases = fc.record({
  names: fc.array(
    fc
      .constantFrom('face', 'face', 'face', 'empty', 'broken')
      .chain((kind) => fc.nat(30).map((n): ItemName => `${kind}-${n}`)),
    { minLength: 1, maxLength: 12 },
  ),
  window: fc.constantFrom(1, 4, 200),
  /** Of the feeder, of the erasure, and so on. Many of the erasure are all of it. */
  calls: fc
    .tuple(
      fc.integer({ min: 1, max: 90 }),
      fc.array(fc.tuple(fc.constantFrom(1, 3, 6, 100, 100), fc.integer({ min: 1, max: 4 })), { maxLength: 5 }),
    )
    .map(([first, rest]) => [first, ...rest.flat()]),
  death: fc.option(deaths, { nil: IMMORTAL }),
  later: fc.array(deaths, { maxLength: 2 }),
});

async function run(job: BulkJobDocument, mine: ObjectStore, death: Death, more: RunOptions = {}): Promise<void> {
  const killed = new AbortController();
  const mortal = mortalStore(mine, death, () => killed.abort(new Error('killed')));
  // The same belt and events; everything that is kept goes through the store.
  const dependencies = { ...(await bench.shared()), ...onStore(mortal) };
  const running = bench.run(job, { dependencies, signal: killed.signal, settleMs: 1, quietMs: 50, ...more });
  await running.catch((error: unknown) => expect(error).toMatchObject({ message: 'killed' }));
}

const ended = async (job: BulkJobDocument): Promise<boolean> => hasEnded(await bench.progress(job));

/** Runs the job, and the erasure in between, until both are over. Resolves to whether the erasure began first. */
async function runWhileErasing(job: BulkJobDocument, calls: readonly number[], death = IMMORTAL): Promise<boolean> {
  let fed = false;
  let meanwhile = false;
  const erased = Promise.withResolvers<undefined>();
  const turns: Turns = new Turns(calls, () => {
    meanwhile = !fed;
    void erasePerson(bench, job, turns.store('erasure', store)).then(() => erased.resolve(undefined), erased.reject);
  });
  await Promise.all([
    run(job, turns.store('feeder', store), death).finally(() => {
      fed = true;
      turns.end('feeder');
    }),
    erased.promise.finally(() => turns.end('erasure')),
  ]);
  return meanwhile;
}

/** A tenant of its own: an erasure looks at all jobs of one. */
async function newJob(names: readonly ItemName[], window: number): Promise<BulkJobDocument> {
  const options = { onlyNew: false, weight: 1, window, notify: 'none' } as const;
  return bench.job(names, { tenant: `t-${randomUUID()}`, options });
}

it('leaves no account that names who was erased at any call of a job', async () => {
  for (let call = 1, meanwhile = true; meanwhile; call += 1) {
    const job = await newJob(['face-1', 'face-2'], 1);
    meanwhile = await runWhileErasing(job, [call]);
    expect({ call, naming: await naming(store, job), marks: await marksOf(job) }).toEqual({
      ...{ call, naming: [], marks: [] },
    });
    expect((await bench.entries(job)).map(({ outcome }) => outcome)).toEqual(['done', 'done']);
  }
});

it('cleans what a feeder left that died before it looked for marks', async () => {
  const job = await newJob(['face-1'], 1);
  const { jobs, segments } = onStore(store);
  await ledgerEraser(store).erase(job, new Set([PERSON]));
  const faces = [{ decision: 'match' as const, personId: PERSON }];
  const entry = { line: 1, item: 's3://photos/face-1', outcome: 'done' as const, faces };
  await segments.write(job, 1, [entry], () => Promise.resolve(true));
  await writeResults(store, new Ledger(store), job, () => Promise.resolve({ accounted: 1 }));
  expect(await naming(store, job)).toHaveLength(2);
  await run(job, store, IMMORTAL, { control: new JobControl('pause') });
  expect((await jobs.findProgress(job))?.state).toBe('paused');
  expect(await naming(store, job)).toEqual([]);
});

it('leaves no account that names who was erased while the job ran, nor loses a line, whoever is killed then', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ names, window, calls, death, later }) => {
      const job = await newJob(names, window);
      await runWhileErasing(job, calls, death);
      for (const next of later) if (!(await ended(job))) await run(job, store, next);
      if (!(await ended(job))) {
        // Whoever takes it over cleans up, also where he files nothing.
        await run(job, store, IMMORTAL, { control: new JobControl('pause') });
        expect(await naming(store, job)).toEqual([]);
        await run(job, store, IMMORTAL);
      }
      expect(await naming(store, job)).toEqual([]);
      const { state, accounted, counts } = await bench.progress(job);
      expect({ state, accounted }).toEqual({ state: 'completed', accounted: names.length });
      const entries = await bench.entries(job);
      expect(entries.map(({ line }) => line)).toEqual(names.map((_, at) => at + 1));
      expect(counts).toEqual(countsOf(entries));
      expect(await resultsOf(job)).toEqual(entries);
      // Whoever died before he took them away has left the job on the list of the unfinished.
      if ((await store.head(keys.bulkUnfinished(job.tenant, job.id))) === undefined)
        expect(await marksOf(job)).toEqual([]);
      expect(await ledgerEraser(store).erase(job, new Set([PERSON]))).toBe(0);
      expect(await marksOf(job)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

function countsOf(entries: readonly LedgerEntry[]): Record<string, number> {
  const counts = { done: 0, no_faces: 0, duplicate: 0, failed: 0, cancelled: 0 };
  for (const { outcome } of entries) counts[outcome] += 1;
  return counts;
}

async function resultsOf({ tenant, id }: BulkJobDocument): Promise<LedgerEntry[]> {
  const { body } = await store.get(keys.bulkResults(tenant, id));
  const lines = gunzipSync(body).toString().trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as LedgerEntry);
}

async function marksOf({ tenant, id }: BulkJobDocument): Promise<string[]> {
  const marks: string[] = [];
  for await (const { key } of store.list(keys.bulkErasedPeople(tenant, id))) marks.push(key);
  return marks;
}
