import { keys, uuidV5 } from '@facelane/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDocuments, type TestDocuments } from '../testing/document-stores.js';
import { canonicalJson } from './canonical-json.js';
import { digestOf, ReceiptsRegistry, subjectOf } from './receipts.registry.js';
import { SuppressionsRegistry } from './suppressions.registry.js';

let opened: TestDocuments;
beforeAll(async () => {
  opened = await openDocuments('s3');
});
afterAll(() => opened.close());

describe('suppression', () => {
  it('knows each value by its kind, tenant and collection, and tells none of them', async () => {
    const list = new SuppressionsRegistry(opened.documents);
    const personId = uuidV5('person', 'Ada');
    const sha256 = 'ab'.repeat(32);
    expect(await list.has('acme', 'main', { personId })).toBe(false);
    await list.add('acme', 'main', [{ personId, externalId: 'emp-7' }, { sha256 }]);
    expect(await list.has('acme', 'main', { personId })).toBe(true);
    expect(await list.has('acme', 'main', { externalId: 'emp-7' })).toBe(true);
    expect(await list.has('acme', 'main', { externalId: 'other', sha256 })).toBe(true);
    expect(await list.has('acme', 'main', { externalId: personId })).toBe(false);
    expect(await list.has('acme', 'main', {})).toBe(false);
    expect(await list.has('acme', 'other', { personId })).toBe(false);
    expect(await list.has('other', 'main', { personId })).toBe(false);
    const text = new TextDecoder().decode((await opened.store.get(keys.suppression('acme', 'main'))).body);
    for (const value of [personId, 'emp-7', sha256]) expect(text).not.toContain(value);
  });

  it('loses none of twenty that are added at once, and writes nothing twice', async () => {
    const list = new SuppressionsRegistry(opened.documents);
    const people = Array.from({ length: 20 }, (_, n) => ({ personId: uuidV5('person', String(n)) }));
    await Promise.all(people.map((person) => list.add('acme', 'many', [person])));
    expect(await Promise.all(people.map((person) => list.has('acme', 'many', person)))).not.toContain(false);
    const key = keys.suppression('acme', 'many');
    const before = await opened.store.head(key);
    await list.add('acme', 'many', people);
    expect((await opened.store.head(key))?.lastModified).toEqual(before?.lastModified);
    expect(await list.remove('acme', 'many')).toBe(true);
    expect(await list.has('acme', 'many', people[0]!)).toBe(false);
  });
});

describe('receipts', () => {
  const receipt = {
    version: 1,
    id: uuidV5('receipt'),
    tenant: 'acme',
    collection: 'main',
    subject: subjectOf({ tenant: 'acme', collection: 'main', id: uuidV5('receipt') }, uuidV5('person', 'Ada')),
    counts: {
      ...{ people: 1, references: 2, assets: 2, objects: 6, blankedFaces: 1 },
      ...{ points: 3, results: 4, jobs: 0, events: 0 },
    },
    suppressed: true,
    startedAt: '2026-01-02T03:04:05.678Z',
    completedAt: '2026-01-02T03:04:06.000Z',
  } as const;

  it('are sealed, and no longer fit their seal once anything in them is changed', async () => {
    const receipts = new ReceiptsRegistry(opened.documents);
    const sealed = await receipts.write(receipt);
    const found = await receipts.find('acme', receipt.id);
    expect(found).toEqual(sealed);
    expect(digestOf(found!)).toBe(found!.digest);
    expect(digestOf({ ...found!, counts: { ...found!.counts, points: 4 } })).not.toBe(found!.digest);
    expect(await receipts.find('other', receipt.id)).toBeUndefined();
  });

  it('are about whoever knows the id of the person', () => {
    const known = subjectOf(receipt, uuidV5('person', 'Ada'));
    expect(known).toBe(receipt.subject);
    expect(subjectOf(receipt, uuidV5('person', 'Bo'))).not.toBe(known);
  });
});

it('canonical JSON is one text for equal values', () => {
  expect(canonicalJson({ b: [1, { d: 'x"', c: true }], a: null, e: undefined })).toBe(
    '{"a":null,"b":[1,{"c":true,"d":"x\\""}]}',
  );
  expect(canonicalJson({ a: 1, b: 2 })).toBe(canonicalJson({ b: 2, a: 1 }));
});
