import { keys, type PersonDocument, personIdOf, type Reference, uuidV5 } from '@facelane/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PeopleRegistry, type PersonKey } from './people.registry.js';
import { allPages, collect, openDocuments, type TestDocuments } from './testing/document-stores.js';

const T = 'acme';
const quality = { minSide: 80, interEye: 30, sharpness: 80, brightness: 120, contrast: 40, yaw: 0, pitch: 0, roll: 0 };
const reference = (name: string): Reference => ({
  pointId: uuidV5('point', name),
  assetId: uuidV5('asset', name),
  sha256: '0'.repeat(64),
  faceIndex: 0,
  contract: 'c-1',
  quality: { ...quality, cut: false },
});

describe.each(['fs', 's3'] as const)('people on %s', (driver) => {
  let opened: TestDocuments;
  let people: PeopleRegistry;

  beforeAll(async () => {
    opened = await openDocuments(driver);
    people = new PeopleRegistry(opened.documents);
  });
  afterAll(() => opened.close());

  const keyOf = ({ tenant, collection, id }: PersonDocument): PersonKey => ({ tenant, collection, id });
  const add = async (collection: string, name: string): Promise<PersonDocument> =>
    (await people.create({ tenant: T, collection, name })).person;

  it('are created once per external id, by however many at once', async () => {
    const create = (name: string) =>
      people.create({ tenant: T, collection: 'once', name, externalId: 'emp-7', metadata: { team: 'blue' } });
    const outcomes = await Promise.all(['Ada', 'Bo', 'Cy'].map(create));
    expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
    const [first] = outcomes;
    expect(outcomes.map(({ person }) => person)).toEqual([first!.person, first!.person, first!.person]);
    expect(first!.person).toMatchObject({
      id: personIdOf(T, 'once', 'external:emp-7'),
      externalId: 'emp-7',
      metadata: { team: 'blue' },
      references: [],
    });
    const [ada, namesake] = [await add('once', 'Ada'), await add('once', 'Ada')];
    expect(ada.id).not.toBe(namesake.id);
  });

  it('lose neither of two changes at once', async () => {
    const person = keyOf(await add('changes', 'Ada'));
    await Promise.all([
      people.update(person, { name: 'Ada L.' }),
      people.update(person, { metadata: { team: 'red' } }),
      people.addReference({ ...person, name: 'ignored' }, reference('a')),
      people.addReference({ ...person, name: 'ignored' }, reference('b')),
    ]);
    const found = await people.find(person);
    expect(found).toMatchObject({ name: 'Ada L.', metadata: { team: 'red' } });
    expect(found!.references).toHaveLength(2);
    expect(found!.references.every(({ addedAt }) => addedAt !== undefined)).toBe(true);
    expect(found!.updatedAt).toBeDefined();
  });

  it('are not made by a change of somebody who is not there', async () => {
    const nobody = { tenant: T, collection: 'changes', id: uuidV5('nobody') };
    expect(await people.update(nobody, { name: 'X' })).toBeUndefined();
    expect(await people.find(nobody)).toBeUndefined();
    expect(await people.remove(nobody)).toBe(false);
    const somebody = keyOf(await add('changes', 'Zoe'));
    expect(await people.remove(somebody)).toBe(true);
    expect(await people.find(somebody)).toBeUndefined();
  });

  it('keep a change that changes nothing from being written', async () => {
    const person = keyOf(await add('changes', 'Kim'));
    const key = keys.person(T, 'changes', person.id);
    const before = await opened.store.head(key);
    await people.change(person, (current) => current);
    expect((await opened.store.head(key))?.etag).toBe(before?.etag);
    expect((await people.find(person))?.updatedAt).toBeUndefined();
  });

  it('are listed by id, a page at a time, merged people only when asked', async () => {
    const made = await Promise.all(Array.from({ length: 7 }, (_, n) => add('pages', `Person ${n}`)));
    const ids = made.map(({ id }) => id).sort();
    await people.change(keyOf(made[0]!), (current) => ({ ...current, mergedInto: made[1]!.id }));
    const pageBy = (limit: number, merged: boolean) =>
      allPages((after) => people.page(T, 'pages', { limit, merged, ...(after && { after }) }));
    for (const limit of [1, 2, 3, 6, 7, 100]) {
      expect((await pageBy(limit, true)).items.map(({ id }) => id)).toEqual(ids);
      const living = await pageBy(limit, false);
      expect(living.items.map(({ id }) => id)).toEqual(ids.filter((id) => id !== made[0]!.id));
    }
    expect(await pageBy(7, true)).toMatchObject({ pages: 1 });
    expect((await collect(people.list(T, 'pages'))).map(({ id }) => id)).toEqual(ids);
  });

  it('are found by a part of their name, however it is spelled', async () => {
    for (const name of ['Åsa Öberg', 'ASA OBERG', 'Ｍａｘ Weiß', 'Ὀδυσσεύς']) await add('names', name);
    const found = async (contains: string): Promise<string[]> =>
      (await allPages((after) => people.page(T, 'names', { contains, limit: 1, ...(after && { after }) }))).items
        .map(({ name }) => name)
        .sort();
    expect(await found('åsa')).toEqual(['Åsa Öberg']);
    expect(await found('A\u030Asa')).toEqual(['Åsa Öberg']);
    expect(await found('asa')).toEqual(['ASA OBERG']);
    expect(await found('max weiss')).toEqual(['Ｍａｘ Weiß']);
    expect(await found('ὀδυς')).toEqual(['Ὀδυσσεύς']);
    expect(await found('nobody')).toEqual([]);
    expect(await found('')).toHaveLength(4);
  });

  it('take a reference of somebody who was merged to where he went, by every step of the way', async () => {
    const [ada, bo, cy] = [await add('merged', 'Ada'), await add('merged', 'Bo'), await add('merged', 'Cy')];
    await people.change(keyOf(ada), (current) => ({ ...current, mergedInto: bo.id }));
    await people.change(keyOf(bo), (current) => ({ ...current, mergedInto: cy.id }));
    const owner = await people.addReference({ ...keyOf(ada), name: 'Ada' }, reference('r'));
    expect(owner.id).toBe(cy.id);
    expect((await people.addReferenceToKnown(keyOf(ada), reference('r')))?.id).toBe(cy.id);
    const mergedFrom = async (person: PersonDocument) =>
      (await people.find(keyOf(person)))!.references.map((each) => each.mergedFrom);
    expect([await mergedFrom(ada), await mergedFrom(bo), await mergedFrom(cy)]).toEqual([
      [undefined],
      [ada.id],
      [bo.id],
    ]);
    expect((await people.resolve(keyOf(ada)))?.id).toBe(cy.id);
    await people.change(keyOf(cy), (current) => ({ ...current, mergedInto: ada.id }));
    expect(await people.resolve(keyOf(ada))).toBeUndefined();
  });
});
