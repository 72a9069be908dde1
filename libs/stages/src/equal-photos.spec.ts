import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type IngestJob, keys } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import { DerivedEditor } from '@facelane/registry';
import { requireModels, samplePhoto } from '@facelane/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  freshPhoto,
  makeCollections,
  type ModelRuns,
  onlyFirst,
  OTHER_COLLECTION,
  StageProcess,
} from './testing/equal-photos.fixture.js';
import { openStores, type TestStores } from './testing/open-stores.js';
import { COLLECTION, CONTRACT, context, ingestJob, TENANT } from './testing/stage.samples.js';

const sample = await samplePhoto(await requireModels(), 1);
const REQUESTS: ReadonlySet<string> = new Set(['get', 'head', 'put', 'delete']);

class Death extends Error {}

/** The store, with `turn` awaited around each request: what it says before is whether the run dies after. */
function interleaved(store: ObjectStore, turn: () => Promise<boolean>): ObjectStore {
  return new Proxy(store, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      if (!REQUESTS.has(String(name))) return member.bind(target) as unknown;
      return async (...given: unknown[]): Promise<unknown> => {
        const dies = await turn();
        const answer: unknown = await Reflect.apply(member, target, given);
        if (dies) throw new Death();
        return answer;
      };
    },
  });
}

describe.each(['fs', 's3'] as const)('equal photos at once on %s', (driver) => {
  let stores: TestStores;
  let runs: ModelRuns;

  beforeEach(async () => {
    stores = await openStores(driver);
    await makeCollections(stores);
    runs = { detect: 0, embed: 0 };
  });
  afterEach(() => stores.close());

  const processOver = (store: ObjectStore): StageProcess => new StageProcess(store, stores.exclusion, stores, runs);

  /** Jobs of fresh bytes: one asset for each collection named, from a file or from our own bucket by turns. */
  async function submit(collections: readonly string[]): Promise<{ jobs: IngestJob[]; sha256: string }> {
    const { bytes, sha256 } = freshPhoto(sample);
    const jobs: IngestJob[] = [];
    for (const [i, collection] of collections.entries()) {
      const name = `${sha256}-${i}.jpg`;
      const path = join(stores.dir, name);
      await writeFile(path, bytes);
      await stores.store.put(`incoming/${name}`, bytes, { contentType: 'image/jpeg' });
      const { bucket } = stores.store;
      const ours = { kind: 'object', bucket, key: `incoming/${name}` } as const;
      jobs.push(ingestJob(i % 2 === 0 ? { kind: 'file', path } : ours, { collection }));
    }
    return { jobs, sha256 };
  }

  it('are one first and its duplicates in each collection, however their requests fall, and whatever dies', async () => {
    const photo = fc.record({ process: fc.nat(1), collection: fc.constantFrom(COLLECTION, OTHER_COLLECTION) });
    const photos = fc.array(photo, { minLength: 2, maxLength: 5 });
    const deaths = fc.uniqueArray(fc.nat(80), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), photos, deaths, async (scheduler, submitted, dying) => {
        let requests = 0;
        const turn = async (): Promise<boolean> => {
          await scheduler.schedule(Promise.resolve());
          requests += 1;
          return dying.includes(requests);
        };
        const processes = [0, 1].map(() => processOver(interleaved(stores.store, turn)));
        const { jobs } = await submit(submitted.map(({ collection }) => collection));
        const isDeath = (error: unknown): boolean => error instanceof Death;
        const work = (): Promise<unknown> =>
          Promise.all(jobs.map((job, i) => processes[submitted[i]!.process]!.process(job, isDeath)));
        const firsts = (): Promise<string[]> =>
          Promise.all(
            [...new Set(submitted.map(({ collection }) => collection))].map((id) =>
              onlyFirst(
                stores,
                jobs.filter(({ collection }) => collection === id),
              ),
            ),
          );
        await scheduler.waitFor(work());
        const before = await firsts();
        // Delivered again, as a queue may: the first stays the first.
        await scheduler.waitFor(work());
        expect(await firsts()).toEqual(before);
      }),
      { numRuns: 25 },
    );
  });

  it('are worked on once where one process has them', async () => {
    const process = processOver(stores.store);
    const { jobs } = await submit(Array.from({ length: 6 }, () => COLLECTION));
    const toDetect = await Promise.all(jobs.map((job) => process.ingest.handle(job, context())));
    const toEmbed = await Promise.all(toDetect.map((job) => process.detect.handle(job, context())));
    const toMatch = await Promise.all(toEmbed.map((job) => process.embed.handle(job, context())));
    await Promise.all(toMatch.map((job) => process.match.handle(job, context())));
    expect(runs).toEqual({ detect: 1, embed: 1 });
    await onlyFirst(stores, jobs);
  });

  it('are embedded from the crops that another process has stored, and not after it has embedded them', async () => {
    const [one, two] = [processOver(stores.store), processOver(stores.store)];
    const { jobs } = await submit([COLLECTION, COLLECTION, COLLECTION, COLLECTION]);
    // Files: those of our own bucket are not known to have been seen before there are embeddings.
    const [first, second] = [jobs[0]!, jobs[2]!];
    const mine = await one.detect.handle(await one.ingest.handle(first, context()), context());
    const theirs = await two.detect.handle(await two.ingest.handle(second, context()), context());
    expect(runs).toEqual({ detect: 1, embed: 0 });
    const later = await one.embed.handle(mine, context());
    await two.match.handle(await two.embed.handle(theirs, context()), context());
    await one.match.handle(later, context());
    expect(runs).toEqual({ detect: 1, embed: 1 });
    expect(await onlyFirst(stores, [first, second])).toBe(first.assetId);
  });

  it('do not bring back a face that was erased while they were worked on', async () => {
    const [one, two] = [processOver(stores.store), processOver(stores.store)];
    const { jobs, sha256 } = await submit([COLLECTION, COLLECTION, COLLECTION]);
    const [first, late, later] = [jobs[0]!, jobs[1]!, jobs[2]!];
    // Not ended before the erasure: one has its crops in hand, the other looks for faces.
    const toEmbed = await two.detect.handle(await two.ingest.handle(late, context()), context());
    const toDetect = await two.ingest.handle(later, context());
    await one.process(first);
    await stores.editor.blank(TENANT, CONTRACT, sha256, new Set([0]));
    await two.match.handle(await two.embed.handle(toEmbed, context()), context());
    const rest = await two.detect.handle({ ...toDetect, seen: false }, context());
    await two.match.handle(await two.embed.handle(rest, context()), context());
    const { signal } = context();
    const { header, vectors } = await stores.derived.readEmbeddings(TENANT, CONTRACT, sha256, signal);
    expect([header.erased, vectors[0]!.some((number) => number !== 0)]).toEqual([[0], false]);
    const crops = await stores.derived.readCrops(TENANT, CONTRACT, sha256, signal);
    expect(crops.header.erased).toEqual([0]);
    for (const job of [late, later]) {
      expect(await stores.assets.findResult(job)).toMatchObject({ erasedFaces: 1, faces: [{ index: 1 }] });
    }
    // Embeddings that are damaged are made again of what is left of the crops.
    await stores.store.put(keys.embeddings(TENANT, CONTRACT, sha256), new Uint8Array(9), { contentType: 'x/y' });
    await one.process(first);
    const again = await stores.derived.readEmbeddings(TENANT, CONTRACT, sha256, signal);
    expect([again.header.erased, again.vectors[0]!.some((number) => number !== 0)]).toEqual([[0], false]);
  });

  it('have one of them as the first also when another collection had them before, and that one is left', async () => {
    const process = processOver(stores.store);
    const { jobs, sha256 } = await submit([COLLECTION, OTHER_COLLECTION, OTHER_COLLECTION, OTHER_COLLECTION]);
    const [before, ...others] = jobs;
    await process.process(before!);
    await Promise.all(others.map((job) => process.process(job)));
    const first = await onlyFirst(stores, others);
    const firstJob = others.find(({ assetId }) => assetId === first)!;
    const [another] = others.filter(({ assetId }) => assetId !== first);
    const editor: DerivedEditor = stores.editor;
    // Whoever is named as heir: the first asset of the other collection has its duplicates already.
    await editor.rename(TENANT, sha256, before!, another!);
    expect(await editor.names(TENANT, sha256, before!)).toBe(false);
    const { header } = await stores.derived.readEmbeddings(TENANT, CONTRACT, sha256, context().signal);
    expect(header).toMatchObject({ assetId: firstJob.assetId, collection: OTHER_COLLECTION });
    expect(header).not.toHaveProperty('firsts');
    for (const job of others) await process.process(job);
    expect(await onlyFirst(stores, others)).toBe(first);
  });
});
