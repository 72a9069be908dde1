import { keys } from '@facelane/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CollectionsRegistry } from './collections.registry.js';
import { allPages, collect, openDocuments, type TestDocuments } from './testing/document-stores.js';

const thresholds = { match: { cosine: 0.5, fmr: 1e-4 }, review: { cosine: 0.4, fmr: 1e-3 } };

describe.each(['fs', 's3'] as const)('collections on %s', (driver) => {
  let opened: TestDocuments;
  let collections: CollectionsRegistry;

  beforeAll(async () => {
    opened = await openDocuments(driver);
    collections = new CollectionsRegistry(opened.documents);
  });
  afterAll(() => opened.close());

  it('are created once, by however many at once', async () => {
    const outcomes = await Promise.all(
      [1, 2, 3].map((retentionDays) =>
        collections.create({ tenant: 'one', id: 'main', contract: 'c-1', thresholds, retentionDays }),
      ),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
    expect(new Set(outcomes.map(({ collection }) => collection.retentionDays)).size).toBe(1);
    await expect(collections.ensure({ tenant: 'one', id: 'main', contract: 'c-2', thresholds })).rejects.toMatchObject({
      code: 'MATCH.CONTRACT_MISMATCH',
    });
  });

  it('change in what is given, lose what is null, and keep their contract', async () => {
    await collections.create({ tenant: 'one', id: 'edit', contract: 'c-1', thresholds, quality: 'strict' });
    await Promise.all([
      collections.update('one', 'edit', { retentionDays: 30, description: 'staff' }),
      collections.update('one', 'edit', { onePersonPerPhoto: false }),
    ]);
    await collections.update('one', 'edit', {
      description: null,
      thresholds: { ...thresholds, match: { cosine: 0.6 } },
    });
    expect(await collections.find('one', 'edit')).toEqual({
      version: 1,
      tenant: 'one',
      id: 'edit',
      contract: 'c-1',
      thresholds: { match: { cosine: 0.6 }, review: thresholds.review },
      quality: 'strict',
      onePersonPerPhoto: false,
      retentionDays: 30,
      createdAt: expect.any(String) as string,
      updatedAt: expect.any(String) as string,
    });
    expect(await collections.update('one', 'none', { retentionDays: 1 })).toBeUndefined();
    expect(await collections.find('one', 'none')).toBeUndefined();
  });

  it('refuse a review threshold above the match threshold', async () => {
    const upsideDown = { match: { cosine: 0.3 }, review: { cosine: 0.4 } };
    const refused = { name: 'UsageError', remedy: expect.stringContaining('at most') as string };
    await expect(
      collections.create({ tenant: 'one', id: 'bad', contract: 'c-1', thresholds: upsideDown }),
    ).rejects.toMatchObject(refused);
    await collections.create({ tenant: 'one', id: 'good', contract: 'c-1', thresholds });
    await expect(collections.update('one', 'good', { thresholds: upsideDown })).rejects.toMatchObject(refused);
    expect(await collections.find('one', 'bad')).toBeUndefined();
  });

  it('are listed a page at a time, each once, past folders that hold no collection', async () => {
    const ids = ['a', 'b', 'b-c', 'b0', 'z'];
    for (const id of ids) {
      await collections.create({ tenant: 'two', id, contract: 'c-1', thresholds });
      await opened.store.put(`${keys.assets('two', id)}x.json`, new Uint8Array(2), { contentType: 'application/json' });
    }
    await opened.store.put(`${keys.assets('two', 'c')}x.json`, new Uint8Array(2), { contentType: 'application/json' });
    for (const limit of [1, 2, 5, 9]) {
      const { items } = await allPages((after) => collections.page('two', { limit, ...(after && { after }) }));
      expect(items.map(({ id }) => id).sort()).toEqual(ids);
    }
    expect(await collections.remove('two', 'z')).toBe(true);
    expect((await collections.page('two', { limit: 9 })).items.map(({ id }) => id).sort()).toEqual(ids.slice(0, -1));
    expect(await collect(collections.tenants())).toEqual(expect.arrayContaining(['one', 'two']));
  });
});
