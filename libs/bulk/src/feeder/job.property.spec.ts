import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BulkJobDocument, LedgerEntry } from '@facelane/contracts';
import { FsObjectStore } from '@facelane/object-store';
import { startRedis, type TestRedis } from '@facelane/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BulkBench, onStore } from '../testing/bulk.fixture.js';
import { type ItemKind, type ItemName } from '../testing/bulk.samples.js';
import { type Death, mortalStore } from '../testing/mortal.store.js';
import type { FeederDependencies } from './feeder.dependencies.js';

let redis: TestRedis;
let dir: string;
let store: FsObjectStore;
let bench: BulkBench;
let living: FeederDependencies;

beforeAll(async () => {
  redis = await startRedis();
  dir = await mkdtemp(join(tmpdir(), 'facelane-bulk-'));
  store = new FsObjectStore({ root: dir, bucket: 'facelane' });
  bench = new BulkBench(store, redis.url);
  await bench.startWorker();
  living = await bench.shared();
});
afterAll(async () => {
  await bench.close();
  await store.close();
  await redis.stop();
  await rm(dir, { recursive: true, force: true });
});

const KINDS: readonly ItemKind[] = ['face', 'empty', 'copy', 'bad', 'broken'];
const items = fc.array(
  fc.tuple(fc.constantFrom(...KINDS), fc.nat(12)).map(([kind, n]): ItemName => `${kind}-${n}`),
  { maxLength: 60 },
);
/** Small: what is named again has ended meanwhile; large: it is on the belt. */
const windows = fc.constantFrom(1, 4, 200);
const deaths = fc.array(fc.record({ afterCalls: fc.nat(120), lastOneLands: fc.boolean() }), { maxLength: 4 });

/** Runs the job as a process that dies at that call, unless it comes to the end before. */
async function runUntil(job: BulkJobDocument, death: Death): Promise<void> {
  const killed = new AbortController();
  const mortal = mortalStore(store, death, () => killed.abort(new Error('killed')));
  // The same belt and events; everything that is kept goes through the store.
  const dependencies = { ...living, ...onStore(mortal) };
  const run = bench.run(job, { dependencies, signal: killed.signal, settleMs: 1, quietMs: 50 });
  await run.catch((error: unknown) => expect(error).toMatchObject({ message: 'killed' }));
}

/** How each item must end, by what it is and whether it was named before. */
function expectedOf(names: readonly ItemName[]): string[] {
  const kinds = { face: 'done', empty: 'no_faces', copy: 'duplicate', bad: 'failed', broken: 'failed' };
  return names.map((name, at) => {
    const kind = name.split('-')[0] as ItemKind;
    return kind !== 'broken' && names.indexOf(name) < at ? 'duplicate' : kinds[kind];
  });
}

it('has every line in the ledger once, as it must end, wherever the feeder was killed', async () => {
  await fc.assert(
    fc.asyncProperty(items, deaths, windows, async (names, kills, window) => {
      const job = await bench.job(names, { options: { onlyNew: false, weight: 1, window, notify: 'none' } });
      // A feeder takes no job that has ended, which one that died just after writing so has done.
      const ended = async (): Promise<boolean> => (await bench.progress(job)).state === 'completed';
      for (const death of kills) if (!(await ended())) await runUntil(job, death);
      if (!(await ended())) await bench.run(job, { settleMs: 1, quietMs: 50 });
      const { state, accounted, counts } = await bench.progress(job);
      expect({ state, accounted }).toEqual({ state: 'completed', accounted: names.length });
      const entries = await bench.entries(job);
      expect(entries.map(({ line }) => line)).toEqual(names.map((_, at) => at + 1));
      expect(entries.map(({ outcome }) => outcome)).toEqual(expectedOf(names));
      expect(counts).toEqual(countsOf(entries));
      for (const { line, duplicateOf } of entries) {
        if (duplicateOf?.line !== undefined) expect(names[duplicateOf.line - 1]).toBe(names[line - 1]);
      }
    }),
    { numRuns: 60 },
  );
});

function countsOf(entries: readonly LedgerEntry[]): Record<string, number> {
  const counts = { done: 0, no_faces: 0, duplicate: 0, failed: 0, cancelled: 0 };
  for (const { outcome } of entries) counts[outcome] += 1;
  return counts;
}
