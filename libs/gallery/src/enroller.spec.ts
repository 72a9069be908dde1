import { type Enrolment, type QualityProfile, uuidV5 } from '@facelane/contracts';
import type { PeopleRegistry } from '@facelane/registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  COLLECTION,
  COLLECTION_DOCUMENT,
  CONTRACT,
  direction,
  matchJob,
  TENANT,
} from '../../stages/src/testing/stage.samples.js';
import { embeddingsOf, keyOf, TestGallery } from './testing/gallery.fixture.js';

let gallery: TestGallery;
beforeEach(async () => {
  gallery = await TestGallery.open();
});
afterEach(() => gallery.close());

const count = () => gallery.stores.index.count(CONTRACT, { tenant: TENANT, collection: COLLECTION, kind: 'person' });
const standard = { intent: { quality: 'standard' } } as const;
const existing = { intent: { existing: true } } as const;
const refusal = (enrolment: Enrolment): unknown =>
  enrolment.outcome === 'refused' ? [enrolment.reason, enrolment.measured, enrolment.bar] : enrolment.outcome;

describe('a reference', () => {
  it('is in the document and the index, and has faces compared again', async () => {
    const enrolment = await gallery.enrol('Ada', direction(0), standard);
    const person = await gallery.person('Ada');
    expect(enrolment).toEqual({
      outcome: 'accepted',
      personId: keyOf('Ada').id,
      referenceId: person!.references[0]!.pointId,
      faceIndex: 0,
    });
    expect(await count()).toBe(1);
    expect(gallery.rebinds).toEqual([
      {
        tenant: TENANT,
        collection: COLLECTION,
        contract: CONTRACT,
        personId: keyOf('Ada').id,
        change: person!.references[0]!.pointId,
      },
    ]);
  });

  it('stays the only one when the same photo comes again, and asks for the same once more', async () => {
    const first = await gallery.enrol('Ada', direction(0), { ...standard, photo: 'same' });
    await gallery.enrol('Ada', direction(2), { photo: 'another' });
    expect(await gallery.enrol('Ada', direction(0), { ...standard, photo: 'same' })).toEqual(first);
    expect((await gallery.person('Ada'))!.references).toHaveLength(2);
    expect(gallery.rebinds[2]).toEqual(gallery.rebinds[0]);
  });

  it('stays one when the bars are raised, which are for new photos', async () => {
    const small = { side: 30, photo: 'same' };
    const first = await gallery.enrol('Ada', direction(0), small);
    expect(first.outcome).toBe('accepted');
    expect(await gallery.enrol('Ada', direction(0), { ...standard, ...small })).toEqual(first);
    const again = await gallery.enrol('Ada', direction(0), { ...standard, ...small, photo: 'another' });
    expect(refusal(again)).toEqual(['too_small', 30, 40]);
  });

  it('comes back into an index that was wiped', async () => {
    await gallery.enrol('Ada', direction(0), { photo: 'same' });
    await gallery.stores.index.deleteWhere(CONTRACT, { tenant: TENANT, collection: COLLECTION });
    await gallery.enrol('Ada', direction(0), { photo: 'same' });
    expect(await count()).toBe(1);
  });

  it('is never a face that was erased', async () => {
    const intent = { kind: 'enrol', ...{ personId: keyOf('Ada').id, name: 'Ada' } } as const;
    const embeddings = { ...embeddingsOf([new Float32Array(8), direction(0)], [200, 90]), erased: [0] };
    const job = matchJob(2, { intent });
    const enrolment = await gallery.enroller().enrol(job, intent, embeddings, COLLECTION_DOCUMENT);
    expect(enrolment).toMatchObject({ outcome: 'accepted', faceIndex: 1 });
    const nothing = { ...embeddings, erased: [0, 1] };
    expect(refusal(await gallery.enroller().enrol(job, intent, nothing, COLLECTION_DOCUMENT))).toEqual([
      'no_face',
      0,
      1,
    ]);
  });
});

describe('a photo under the wrong name', () => {
  it('is refused when another person is more like it, with the cosine and the bar', async () => {
    await gallery.enrol('Ada', direction(0));
    const [reason, measured, bar] = refusal(await gallery.enrol('Bo', direction(0, 0.9), standard)) as unknown[];
    expect([reason, bar]).toEqual(['too_like_other_person', 0.6]);
    expect(measured).toBeCloseTo(0.9, 5);
    expect(await gallery.person('Bo')).toBeUndefined();
    expect(gallery.rebinds).toHaveLength(1);
    expect(refusal(await gallery.enrol('Bo', direction(0, 0.59), standard))).toBe('accepted');
  });

  it('is refused when it is like none of its own references', async () => {
    await gallery.enrol('Ada', direction(0));
    const [reason, measured, bar] = refusal(await gallery.enrol('Ada', direction(0, 0.39), standard)) as unknown[];
    expect([reason, bar]).toEqual(['unlike_own_references', 0.4]);
    expect(measured).toBeCloseTo(0.39, 5);
    expect(refusal(await gallery.enrol('Ada', direction(0, 0.41), standard))).toBe('accepted');
  });

  it('is taken when nothing is to be compared, by the photo or by the collection', async () => {
    await gallery.enrol('Ada', direction(0));
    const enrol = async (name: string, ...quality: (QualityProfile | undefined)[]): Promise<unknown> => {
      const [ofPhoto, ofCollection] = quality;
      return refusal(
        await gallery.enrol(name, direction(0), {
          intent: { ...(ofPhoto && { quality: ofPhoto }) },
          collection: { ...COLLECTION_DOCUMENT, ...(ofCollection && { quality: ofCollection }) },
        }),
      );
    };
    const refused = ['too_like_other_person', expect.closeTo(1, 5), 0.6];
    expect(await enrol('Bo')).toEqual(refused);
    expect(await enrol('Bo', 'strict', 'off')).toEqual(refused);
    expect(await enrol('Bo', 'off', 'strict')).toBe('accepted');
    expect(await enrol('Cy', undefined, 'off')).toBe('accepted');
  });

  it('knows two who were merged as one', async () => {
    await gallery.enrol('Ada', direction(0));
    await gallery.enrol('A. Lovelace', direction(4));
    await gallery.merge('Ada', 'A. Lovelace');
    expect(refusal(await gallery.enrol('A. Lovelace', direction(0, 0.9), standard))).toBe('accepted');
  });
});

describe('whose reference it becomes', () => {
  it('the person that this one was merged into', async () => {
    for (const name of ['Ada', 'A. Lovelace']) await gallery.enrol(name, direction(0));
    await gallery.merge('Ada', 'A. Lovelace');
    const enrolment = await gallery.enrol('Ada', direction(0, 0.9), {
      intent: { existing: true, quality: 'standard' },
    });
    expect(enrolment).toMatchObject({ outcome: 'accepted', personId: keyOf('A. Lovelace').id });
    const { references } = (await gallery.person('A. Lovelace'))!;
    expect(references.at(-1)).toMatchObject({ mergedFrom: keyOf('Ada').id });
    const [point] = await gallery.stores.index.find(CONTRACT, [references.at(-1)!.pointId]);
    expect(point).toMatchObject({ personId: keyOf('A. Lovelace').id });
    expect(gallery.rebinds.at(-1)).toMatchObject({ personId: keyOf('A. Lovelace').id });
  });

  it('nobody, when the person was deleted, or the one he was merged into', async () => {
    expect(refusal(await gallery.enrol('Ada', direction(0), existing))).toEqual(['person_missing', 0, 1]);
    expect(await gallery.person('Ada')).toBeUndefined();
    for (const name of ['Ada', 'A. Lovelace']) await gallery.enrol(name, direction(0));
    await gallery.merge('Ada', 'A. Lovelace');
    await gallery.stores.people.remove(keyOf('A. Lovelace'));
    expect(refusal(await gallery.enrol('Ada', direction(0), existing))).toEqual(['person_missing', 0, 1]);
    expect(refusal(await gallery.enrol('Ada', direction(0)))).toEqual(['person_missing', 0, 1]);
    expect((await gallery.person('Ada'))!.references).toHaveLength(1);
  });

  it('nobody, when the person is deleted while the photo is looked at', async () => {
    await gallery.enrol('Ada', direction(0));
    const { people } = gallery.stores;
    const slow = Object.assign(Object.create(people) as PeopleRegistry, {
      path: async (key: Parameters<PeopleRegistry['path']>[0]) => {
        const path = await people.path(key);
        await people.remove(key);
        return path;
      },
    });
    const enroller = gallery.enroller(undefined, slow);
    expect(refusal(await gallery.enrol('Ada', direction(0), { ...existing, enroller }))).toEqual([
      'person_missing',
      0,
      1,
    ]);
    expect(await gallery.person('Ada')).toBeUndefined();
    expect(await count()).toBe(1);
  });

  it('nobody who was erased with a guard against coming back', async () => {
    const asked: unknown[] = [];
    const enroller = gallery.enroller((...subject) => Promise.resolve(asked.push(subject) > 0));
    expect(refusal(await gallery.enrol('Ada', direction(0), { enroller, photo: 'same' }))).toEqual([
      'suppressed',
      1,
      0,
    ]);
    const sha256 = Buffer.from('same').toString('hex').padEnd(64, '0');
    expect(asked).toEqual([[TENANT, COLLECTION, { personId: keyOf('Ada').id, sha256 }]]);
    expect(await gallery.person('Ada')).toBeUndefined();
  });

  it('nobody who has a thousand already', async () => {
    await gallery.enrol('Ada', direction(0), { photo: 'same' });
    await gallery.stores.people.change(keyOf('Ada'), (person) => ({
      ...person,
      references: Array.from({ length: 1000 }, (_, n) => ({
        ...person.references[0]!,
        ...(n > 0 && { pointId: uuidV5('reference', String(n)), sha256: String(n).padStart(64, '0') }),
      })),
    }));
    expect(refusal(await gallery.enrol('Ada', direction(0)))).toEqual(['too_many_references', 1001, 1000]);
    expect(refusal(await gallery.enrol('Ada', direction(0), { photo: 'same' }))).toBe('accepted');
  });
});
