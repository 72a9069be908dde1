import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AssetShelf, documentOf, jobOf } from '../testing/asset.shelf.js';
import { COLLECTION, doneResult, failedResult, idOf, TENANT } from '../testing/documents.js';

let shelf: AssetShelf;
beforeAll(async () => {
  shelf = await AssetShelf.open();
  // More than are asked at once.
  for (let i = 0; i < 20; i += 1) await shelf.collection(`c${i}`);
  await shelf.collection(COLLECTION);
});
afterAll(() => shelf.close());

const MISSING = { code: 'API.ASSET_MISSING', status: 404 };

describe('an asset is found by its id alone', () => {
  it('from the moment that it is accepted', async () => {
    const id = idOf('accepted');
    await shelf.intakes.write(jobOf(id));
    expect(await shelf.finder.require(TENANT, id)).toEqual({
      ...{ tenant: TENANT, collection: COLLECTION, assetId: id, intake: jobOf(id) },
    });
  });

  it('on the belt, before anything is written of it', async () => {
    const id = idOf('on the belt');
    await shelf.belt.queues.add('ingest', [jobOf(id)]);
    expect(await shelf.finder.require(TENANT, id)).toMatchObject({
      ...{ collection: COLLECTION, place: { stage: 'ingest', state: 'waiting' } },
    });
  });

  it('with its document and result', async () => {
    const id = idOf('done');
    await shelf.intakes.write(jobOf(id));
    await shelf.assets.writeAsset(documentOf(id));
    await shelf.assets.writeResult(doneResult(id));
    expect(await shelf.finder.require(TENANT, id)).toMatchObject({ document: { id }, result: { state: 'done' } });
  });

  it('in whichever collection, when it came in by another way than the API', async () => {
    const [inside, failed] = [idOf('inside'), idOf('failed')];
    await shelf.assets.writeAsset(documentOf(inside, { collection: 'c9' }));
    await shelf.assets.writeResult({ ...failedResult('ingest', failed), collection: 'c19' });
    expect(await shelf.finder.require(TENANT, inside)).toMatchObject({ collection: 'c9', document: { id: inside } });
    expect(await shelf.finder.require(TENANT, failed)).toMatchObject({
      collection: 'c19',
      result: { state: 'failed' },
    });
  });
});

describe('an asset is missing', () => {
  it('when nothing knows of it', async () => {
    await expect(shelf.finder.require(TENANT, idOf('nowhere'))).rejects.toMatchObject(MISSING);
  });

  it('for every other tenant, whatever state it is in, and in the same words', async () => {
    const refusals = [];
    for (const name of ['accepted', 'on the belt', 'done', 'inside', 'nowhere']) {
      const asking = shelf.finder.require('other', idOf(name));
      await expect(asking).rejects.toMatchObject(MISSING);
      refusals.push(await asking.catch((error: unknown) => String(error).replace(idOf(name), 'ID')));
    }
    expect(new Set(refusals).size).toBe(1);
  });
});
