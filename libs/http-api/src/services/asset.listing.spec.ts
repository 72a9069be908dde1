import type { CollectionDocument } from '@facelane/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AssetShelf, documentOf, jobOf, type Submission } from '../testing/asset.shelf.js';
import { CONTRACT, doneResult, failedResult, idOf, TENANT } from '../testing/documents.js';
import { type AssetFilter, AssetListing } from './asset.listing.js';
import { cursorAfter } from './cursor.js';

const ADA = idOf('ada');
const day = (n: number): string => `2026-06-0${n}T00:00:00.000Z`;

let shelf: AssetShelf;
let listing: AssetListing;
beforeAll(async () => {
  shelf = await AssetShelf.open();
  listing = new AssetListing(shelf.assets, shelf.finder, shelf.index);
});
afterAll(() => shelf.close());

/** Ids of all pages, and how long each page was. */
async function list(
  collection: CollectionDocument,
  filter: Partial<AssetFilter>,
): Promise<{ ids: string[]; pages: number[] }> {
  const ids: string[] = [];
  const pages: number[] = [];
  for (let cursor: string | undefined; ;) {
    const { items, next } = await listing.page(collection, { limit: 50, ...filter, cursor });
    ids.push(...items.map(({ assetId }) => assetId));
    pages.push(items.length);
    if (next === undefined) return { ids, pages };
    cursor = next;
  }
}

describe('the photos of a collection', () => {
  let collection: CollectionDocument;
  /** All ids, in order. */
  let ids: string[];

  beforeAll(async () => {
    collection = await shelf.collection('party');
    const other = await shelf.collection('other');
    ids = Array.from({ length: 40 }, (_, i) => idOf(i)).sort();
    const written = ids.map(async (id, i) => {
      const submission: Submission = {
        ...{ collection: collection.id, submittedAt: day(1 + (i % 4)) },
        ...(i % 10 === 0 && { tags: ['cake', 'tenth'] }),
      };
      await shelf.assets.writeAsset(documentOf(id, submission));
      if (i % 2 === 0) await shelf.assets.writeResult({ ...doneResult(id), collection: collection.id });
      else if (i % 5 === 0)
        await shelf.assets.writeResult({ ...failedResult('detect', id), collection: collection.id });
    });
    await Promise.all(written);
    await shelf.assets.writeAsset(documentOf(idOf('elsewhere'), { collection: other.id, tags: ['cake'] }));
  });

  const where = (fits: (i: number) => boolean): string[] => ids.filter((_, i) => fits(i));

  it('are listed by id, page after page, each once', async () => {
    expect(await list(collection, {})).toEqual({ ids, pages: [40] });
    expect(await list(collection, { limit: 15 })).toEqual({ ids, pages: [15, 15, 10] });
    // That a page was the last one is only known when there is a next one to look for.
    expect(await list(collection, { limit: 20 })).toEqual({ ids, pages: [20, 20, 0] });
    expect((await list(collection, { limit: 1 })).ids).toEqual(ids);
  });

  it('are found by tag', async () => {
    expect((await list(collection, { tag: 'cake' })).ids).toEqual(where((i) => i % 10 === 0));
    expect((await list(collection, { tag: 'cake', limit: 3 })).pages).toEqual([3, 1]);
    expect((await list(collection, { tag: 'Cake' })).ids).toEqual([]);
    expect((await list(collection, { tag: 'cak' })).ids).toEqual([]);
  });

  it('are found by state', async () => {
    const [done, failed, pending] = await Promise.all(
      (['done', 'failed', 'pending'] as const).map(async (state) => (await list(collection, { state })).ids),
    );
    expect(done).toEqual(where((i) => i % 2 === 0));
    expect(failed).toEqual(where((i) => i % 2 === 1 && i % 5 === 0));
    expect([...done!, ...failed!, ...pending!].sort()).toEqual(ids);
  });

  it('are found by the time of their submission, without the bounds themselves', async () => {
    expect((await list(collection, { submittedAfter: day(3) })).ids).toEqual(where((i) => i % 4 === 3));
    expect((await list(collection, { submittedBefore: day(2) })).ids).toEqual(where((i) => i % 4 === 0));
    const between = { submittedAfter: day(1), submittedBefore: day(4) };
    expect((await list(collection, between)).ids).toEqual(where((i) => i % 4 === 1 || i % 4 === 2));
    // The same moment in other words.
    expect((await list(collection, { submittedAfter: '2026-06-03T00:00:00Z' })).ids).toEqual(where((i) => i % 4 === 3));
  });

  it('are found by all of these at once', async () => {
    expect((await list(collection, { tag: 'tenth', state: 'done', submittedBefore: day(2) })).ids).toEqual(
      where((i) => i % 20 === 0),
    );
  });

  it('go on at the same place when some are deleted meanwhile', async () => {
    const gone = await shelf.collection('gone');
    const some = ids.slice(0, 9);
    for (const id of some) await shelf.assets.writeAsset(documentOf(id, { collection: gone.id }));
    const first = await listing.page(gone, { limit: 3 });
    for (const assetId of [some[2]!, some[4]!]) {
      await shelf.assets.removeAsset({ tenant: TENANT, collection: gone.id, assetId });
    }
    const { items } = await listing.page(gone, { limit: 3, cursor: first.next });
    expect(items.map(({ assetId }) => assetId)).toEqual([some[3], some[5], some[6]]);
  });

  it('are none of a cursor that is another list’s', async () => {
    const cursor = cursorAfter('people', ids[0]!);
    await expect(listing.page(collection, { limit: 5, cursor })).rejects.toMatchObject({ code: 'API.REQUEST_INVALID' });
  });

  it('may be none at all', async () => {
    expect(await list(await shelf.collection('empty'), {})).toEqual({ ids: [], pages: [0] });
  });
});

describe('a photo that failed before it was looked at', () => {
  it('has no document, and is listed as what its submission said', async () => {
    const collection = await shelf.collection('broken');
    const [submitted, bare] = [idOf('submitted'), idOf('bare')];
    for (const id of [submitted, bare]) {
      await shelf.assets.writeResult({ ...failedResult('ingest', id), collection: collection.id });
    }
    await shelf.intakes.write(jobOf(submitted, { collection: collection.id, tags: ['cake'], submittedAt: day(5) }));
    expect((await list(collection, { state: 'failed' })).ids).toEqual([submitted, bare].sort());
    expect((await list(collection, { tag: 'cake' })).ids).toEqual([submitted]);
    expect((await list(collection, { submittedAfter: day(4) })).ids).toEqual([submitted]);
    expect((await list(collection, { state: 'done' })).ids).toEqual([]);
  });
});

describe('the photos of a person', () => {
  it('are nobody’s before anything was indexed', async () => {
    expect((await list(await shelf.collection('early'), { person: ADA })).ids).toEqual([]);
  });

  it('are those with a face that is or may be the person, each once, in order', async () => {
    const collection = await shelf.collection('people');
    const scope = { tenant: TENANT, collection: collection.id, personId: ADA };
    await shelf.index.ensureContract({ id: CONTRACT, dimension: 2 });
    const vector = Float32Array.of(1, 0);
    const assets = Array.from({ length: 12 }, (_, i) => idOf(`of-${i}`));
    for (const id of assets) await shelf.assets.writeAsset(documentOf(id, { collection: collection.id }));
    const face = (name: string, assetId: string, more: object = {}) => ({
      ...{ id: idOf(name), kind: 'face' as const, ...scope, assetId, vector, ...more },
    });
    await shelf.index.upsert(CONTRACT, [
      ...assets.slice(0, 8).flatMap((id) => [face(`${id}-0`, id), face(`${id}-1`, id)]),
      face('of another', assets[8]!, { personId: idOf('bob') }),
      face('elsewhere', assets[9]!, { collection: 'elsewhere' }),
      face('of another tenant', assets[10]!, { tenant: 'other' }),
      face('reference', assets[11]!, { kind: 'person' }),
      face('of a photo that is gone', idOf('gone')),
    ]);
    const expected = assets.slice(0, 8).sort();
    expect(await list(collection, { person: ADA, limit: 3 })).toEqual({ ids: expected, pages: [3, 3, 2] });
    expect((await list(collection, { person: ADA, state: 'pending' })).ids).toEqual(expected);
    expect((await list(collection, { person: ADA, tag: 'cake' })).ids).toEqual([]);
    expect((await list(collection, { person: idOf('nobody') })).ids).toEqual([]);
  });
});

it('looks at a bounded number of photos for one page, and goes on from there', async () => {
  const collection = await shelf.collection('large');
  const ids = Array.from({ length: 2_100 }, (_, i) => idOf(`large-${i}`)).sort();
  for (let start = 0; start < ids.length; start += 100) {
    const some = ids.slice(start, start + 100);
    await Promise.all(some.map((id) => shelf.assets.writeAsset(documentOf(id, { collection: collection.id }))));
  }
  const rare = documentOf(ids.at(-1)!, { collection: collection.id, tags: ['rare'] });
  await shelf.assets.writeAsset(rare);
  const first = await listing.page(collection, { limit: 50, tag: 'rare' });
  expect(first.items).toEqual([]);
  expect(first.next).toBeDefined();
  const second = await listing.page(collection, { limit: 50, tag: 'rare', cursor: first.next });
  expect(second.items.map(({ assetId }) => assetId)).toEqual([rare.id]);
  expect(second.next).toBeUndefined();
});
