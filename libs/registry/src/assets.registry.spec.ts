import { type AssetDocument, keys, type ResultDocument, uuidV5 } from '@facelane/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AssetsRegistry } from './assets.registry.js';
import { allPages, collect, openDocuments, type TestDocuments } from './testing/document-stores.js';

const scope = { tenant: 'acme', collection: 'main' } as const;
const base = { version: 1, ...scope, contract: 'c-1', submittedAt: '2026-01-02T03:04:05.678Z' } as const;
const photo = { sha256: '0'.repeat(64), bytes: 1, format: 'jpeg', width: 1, height: 1 } as const;
const source = { kind: 'file', path: '/photos/1.jpg' } as const;
const asset = (id: string): AssetDocument => ({ ...base, id, source, intent: { kind: 'identify' }, photo });
const result = (assetId: string): ResultDocument => ({
  ...base,
  state: 'done',
  assetId,
  photo,
  faces: [],
  droppedFaces: 0,
});

let opened: TestDocuments;
let assets: AssetsRegistry;
const ids = Array.from({ length: 20 }, (_, n) => uuidV5('asset', String(n))).sort();
// Two of three are accepted, and three of four have ended: some of them without ever having been accepted.
const accepted = ids.filter((_, n) => n % 3 !== 0);
const ended = ids.filter((_, n) => n % 4 !== 0);

beforeAll(async () => {
  opened = await openDocuments('fs');
  assets = new AssetsRegistry(opened.documents);
  await Promise.all([
    ...accepted.map((id) => assets.writeAsset(asset(id))),
    ...ended.map((id) => assets.writeResult(result(id))),
  ]);
});
afterAll(() => opened.close());

it('lists accepted photos from a cursor on', async () => {
  for (const limit of [1, 4, 50]) {
    const { items } = await allPages((after) =>
      assets.page(scope.tenant, scope.collection, { limit, ...(after && { after }) }),
    );
    expect(items.map(({ id }) => id)).toEqual(accepted);
  }
  expect((await collect(assets.list(scope.tenant, scope.collection))).map(({ id }) => id)).toEqual(accepted);
});

it('knows every asset with a document or a result, once and in order, also from a cursor on', async () => {
  const known = ids.filter((id) => accepted.includes(id) || ended.includes(id));
  expect(await collect(assets.ids(scope.tenant, scope.collection))).toEqual(known);
  for (const after of [known[3]!, known.at(-1)!]) {
    expect(await collect(assets.ids(scope.tenant, scope.collection, after))).toEqual(known.filter((id) => id > after));
  }
});

it.each(['fs', 's3'] as const)('tells whether it knew an asset, whatever its document was like: %s', async (driver) => {
  const other = await openDocuments(driver);
  const registry = new AssetsRegistry(other.documents);
  const [first, second] = [asset(uuidV5('again')), { ...asset(uuidV5('again')), tags: ['new'] }];
  expect(await registry.writeAsset(first)).toBe(false);
  expect(await registry.writeAsset(second)).toBe(true);
  await other.store.put(keys.asset('acme', 'main', first.id), new Uint8Array(3), { contentType: 'application/json' });
  expect(await registry.writeAsset(first)).toBe(true);
  expect(await registry.findAsset({ ...scope, assetId: first.id })).toEqual(first);
  await other.close();
});

it('says when documents were written', async () => {
  const listed = await collect(assets.listed('results', scope.tenant, scope.collection));
  expect(listed.map(({ assetId }) => assetId)).toEqual(ended);
  const info = await opened.store.head(keys.result(scope.tenant, scope.collection, ended[0]!));
  expect(listed[0]!.writtenAt.getTime()).toBe(info!.lastModified.getTime());
});

it('loses neither of two changes of a result, and makes none', async () => {
  const assetId = ended[0]!;
  const drop = (current: ResultDocument): ResultDocument =>
    current.state === 'done' ? { ...current, droppedFaces: current.droppedFaces + 1 } : current;
  await Promise.all([1, 2, 3].map(() => assets.changeResult({ ...scope, assetId }, drop)));
  expect(await assets.findResult({ ...scope, assetId })).toMatchObject({ droppedFaces: 3 });
  const none = { ...scope, assetId: uuidV5('none') };
  expect(await assets.changeResult(none, drop)).toBeUndefined();
  expect(await assets.findResult(none)).toBeUndefined();
});

it('removes, and says whether there was anything', async () => {
  const key = { ...scope, assetId: accepted.find((id) => ended.includes(id))! };
  expect([await assets.removeAsset(key), await assets.removeResult(key)]).toEqual([true, true]);
  expect([await assets.removeAsset(key), await assets.removeResult(key)]).toEqual([false, false]);
  expect(await assets.findAsset(key)).toBeUndefined();
});
