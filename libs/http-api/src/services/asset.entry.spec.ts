import type { IngestJob } from '@facelane/contracts';
import { AssetSubmitter } from '@facelane/submission';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AssetShelf, jobOf } from '../testing/asset.shelf.js';
import { COLLECTION, idOf, PERSON, TENANT } from '../testing/documents.js';
import { AssetEntry } from './asset.entry.js';

let shelf: AssetShelf;
beforeAll(async () => {
  shelf = await AssetShelf.open();
  await shelf.collection(COLLECTION);
});
afterAll(() => shelf.close());

/** On a belt without workers; what is taken back leaves it. */
const entry = (people: readonly string[] = []): AssetEntry =>
  new AssetEntry(
    shelf.intakes,
    shelf.collections,
    { find: ({ id }) => Promise.resolve(people.includes(id) ? ({ id } as never) : undefined) },
    new AssetSubmitter(shelf.belt.queues),
    {
      remove: async ({ assetId }) => {
        const jobs = await shelf.belt.withdrawals.withdraw(assetId);
        return { jobs, points: 0, objects: 0, references: 0, assets: 1 };
      },
    },
  );

async function accepted(name: string, more: Partial<IngestJob> = {}): Promise<IngestJob> {
  const job = { ...jobOf(idOf(name)), ...more };
  await shelf.intakes.write(job);
  return job;
}

const isOnBelt = async ({ assetId }: IngestJob): Promise<boolean> =>
  (await shelf.belt.queues.locate(assetId)) !== undefined;

describe('an accepted photo', () => {
  it('goes on the belt, and one that was removed before that does not stay there', async () => {
    const [stays, gone] = [await accepted('stays'), await accepted('gone')];
    await shelf.intakes.remove(TENANT, gone.assetId);
    expect(await entry().submit([stays, gone])).toEqual([stays]);
    expect([await isOnBelt(stays), await isOnBelt(gone)]).toEqual([true, false]);
  });

  it('does not stay there when its collection is gone', async () => {
    await shelf.collection('brief');
    const job = await accepted('homeless', { collection: 'brief' });
    expect(await entry().isWanted(job)).toBe(true);
    await shelf.collections.remove(TENANT, 'brief');
    expect(await entry().submit([job])).toEqual([]);
    expect(await isOnBelt(job)).toBe(false);
  });

  it('of somebody who was deleted or erased meanwhile does not stay there', async () => {
    const job = await accepted('portrait', {
      intent: { kind: 'enrol', personId: PERSON, name: 'Ada', existing: true },
    });
    expect(await entry([PERSON]).isWanted(job)).toBe(true);
    expect(await entry().submit([job])).toEqual([]);
    expect(await isOnBelt(job)).toBe(false);
  });
});
