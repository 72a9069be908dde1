import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FacePoint, IndexedPoint } from '../../face-index.port.js';
import { collect, SAMPLE_DIMENSION, samplePoint, sampleScope, unit } from '../samples.js';
import type { ConformanceContext } from './context.js';

function bare(point: FacePoint): IndexedPoint {
  const { vector, ...fields } = point;
  expect(vector).toHaveLength(SAMPLE_DIMENSION);
  return fields;
}

export function describeSearch(context: ConformanceContext): void {
  describe('search', () => {
    it('answers each query with its nearest points, best first, by cosine', async () => {
      const scope = sampleScope();
      const points = [0, 1, 2, 3].map((seed) => samplePoint(scope, {}, unit(SAMPLE_DIMENSION, seed + 10)));
      await context.index.upsert(context.contract.id, points);
      const queries = [unit(SAMPLE_DIMENSION, 10), unit(SAMPLE_DIMENSION, 99).map((value) => -value)];
      const lists = await context.index.search(context.contract.id, queries, scope, 3);
      expect(lists).toHaveLength(2);
      lists.forEach((list, at) => {
        const cosine = (point: FacePoint): number =>
          point.vector.reduce((sum, value, place) => sum + value * queries[at]![place]!, 0);
        const expected = points.toSorted((a, b) => cosine(b) - cosine(a)).slice(0, 3);
        expect(list.map(({ point }) => point.id)).toEqual(expected.map((point) => point.id));
        list.forEach(({ score }, place) => expect(score).toBeCloseTo(cosine(expected[place]!), 5));
      });
      expect(lists[0]![0]!.score).toBeLessThanOrEqual(1);
    });

    it('orders equal scores by id', async () => {
      const scope = sampleScope();
      const points = Array.from({ length: 6 }, () => samplePoint(scope, {}, unit(SAMPLE_DIMENSION, 5)));
      await context.index.upsert(context.contract.id, points);
      const [list] = await context.index.search(context.contract.id, [unit(SAMPLE_DIMENSION, 6)], scope, 10);
      expect(list!.map(({ point }) => point.id)).toEqual(points.map((point) => point.id).sort());
    });

    it('answers no queries with no lists, and refuses a limit that is no count', async () => {
      const scope = sampleScope();
      expect(await context.index.search(context.contract.id, [], scope, 5)).toEqual([]);
      for (const limit of [0, -1, 1.5, Number.NaN]) {
        const refused = context.index.search(context.contract.id, [unit(SAMPLE_DIMENSION)], scope, limit);
        await expect(refused).rejects.toMatchObject({ code: 'INDEX.INPUT_INVALID' });
      }
    });
  });
}

export function describeFilters(context: ConformanceContext): void {
  describe('filters', () => {
    it('never crosses tenants or collections, and keeps to every field of the filter', async () => {
      const scope = sampleScope();
      const face = samplePoint(scope, { personId: 'p1', assetId: 'a1', decision: 'match' });
      const others = [
        samplePoint(scope, { kind: 'person', personId: 'p1' }),
        samplePoint(scope, { personId: 'p2', assetId: 'a2', decision: 'none' }),
        samplePoint({ ...scope, tenant: `${scope.tenant}-2` }),
        samplePoint({ ...scope, collection: `${scope.collection}-2` }),
      ];
      await context.index.upsert(context.contract.id, [face, ...others]);
      const idsOf = async (filter: object): Promise<string[]> => {
        const where = { ...scope, ...filter };
        const [list] = await context.index.search(context.contract.id, [face.vector], where, 10);
        const found = list!.map(({ point }) => point.id).sort();
        expect(await context.index.count(context.contract.id, where)).toBe(found.length);
        const listed = await collect(context.index.scroll(context.contract.id, where));
        expect(listed.map((point) => point.id).sort()).toEqual(found);
        return found;
      };
      expect(await idsOf({})).toEqual([face.id, others[0]!.id, others[1]!.id].sort());
      expect(await idsOf({ kind: 'person' })).toEqual([others[0]!.id]);
      expect(await idsOf({ personId: 'p1' })).toEqual([face.id, others[0]!.id].sort());
      expect(await idsOf({ assetId: 'a2' })).toEqual([others[1]!.id]);
      expect(await idsOf({ decision: 'match' })).toEqual([face.id]);
      expect(await idsOf({ kind: 'face', personId: 'p1', assetId: 'a1', decision: 'match' })).toEqual([face.id]);
      expect(await idsOf({ kind: 'face', personId: 'p1', assetId: 'a2' })).toEqual([]);
      expect(await idsOf({ collection: 'empty' })).toEqual([]);
    });

    it('treats names as data', async () => {
      const scope = { tenant: `it's "quoted"; --${randomUUID()}`, collection: 'Ünïcode % _ {"must":[]} 名前' };
      await context.index.upsert(context.contract.id, [samplePoint(scope, { personId: "o'hara" })]);
      expect(await context.index.count(context.contract.id, { ...scope, personId: "o'hara" })).toBe(1);
      expect(await context.index.count(context.contract.id, { ...scope, collection: '%' })).toBe(0);
    });
  });
}

export function describeFind(context: ConformanceContext): void {
  describe('find', () => {
    it('answers with whole points in the order of the ids, whichever collection they are in', async () => {
      const scope = sampleScope();
      const elsewhere = sampleScope();
      const full = samplePoint(scope, { personId: 'p', assetId: 'a', faceIndex: 2, decision: 'review', score: 0.25 });
      const points = [full, samplePoint(elsewhere, { kind: 'person' }), samplePoint(scope)];
      await context.index.upsert(context.contract.id, points);
      const asked = points.toSorted((a, b) => (a.id < b.id ? 1 : -1));
      const found = await context.index.find(
        context.contract.id,
        asked.map((point) => point.id),
      );
      expect(found).toStrictEqual(asked.map(bare));
    });

    it('has the vectors too where they are asked for', async () => {
      const points = [samplePoint(sampleScope()), samplePoint(sampleScope(), { kind: 'person' })];
      await context.index.upsert(context.contract.id, points);
      const ids = [points[1]!.id, randomUUID(), points[0]!.id];
      const found = await context.index.find(context.contract.id, ids, { withVectors: true });
      expect(found.map(bare)).toStrictEqual([points[1]!, points[0]!].map(bare));
      for (const [at, point] of [points[1]!, points[0]!].entries()) {
        expect(found[at]!.vector).toHaveLength(SAMPLE_DIMENSION);
        for (const [place, value] of point.vector.entries()) expect(found[at]!.vector[place]).toBeCloseTo(value, 5);
      }
    });

    it('leaves out ids that are not there, or of another contract, and answers a repeated one again', async () => {
      const other = { id: `conformance-${randomUUID()}`, dimension: SAMPLE_DIMENSION };
      await context.index.ensureContract(other);
      const scope = sampleScope();
      const [here, there, gone] = [samplePoint(scope), samplePoint(scope), samplePoint(scope)];
      await context.index.upsert(context.contract.id, [here, gone]);
      await context.index.upsert(other.id, [there]);
      await context.index.deleteByIds(context.contract.id, [gone.id]);
      const ids = [randomUUID(), here.id, there.id, gone.id, here.id];
      const found = await context.index.find(context.contract.id, ids);
      expect(found.map((point) => point.id)).toEqual([here.id, here.id]);
      expect(await context.index.find(context.contract.id, [])).toEqual([]);
    });

    it('takes more ids than fit one request of a server', async () => {
      const point = samplePoint(sampleScope());
      await context.index.upsert(context.contract.id, [point]);
      const ids = [...Array.from({ length: 2500 }, () => randomUUID()), point.id];
      expect(await context.index.find(context.contract.id, ids)).toHaveLength(1);
    });

    it('refuses ids that are no lower-case UUIDs', async () => {
      const refused = context.index.find(context.contract.id, ['x']);
      await expect(refused).rejects.toMatchObject({ code: 'INDEX.INPUT_INVALID' });
    });
  });
}

export function describeScroll(context: ConformanceContext): void {
  describe('scroll', () => {
    it('yields every point once, over any number of pages', async () => {
      const scope = sampleScope();
      const kinds = ['face', 'person'] as const;
      const points = Array.from({ length: 10 }, (_, at) => samplePoint(scope, { kind: kinds[at % 2]! }));
      await context.index.upsert(context.contract.id, points);
      const wanted = points.map((point) => point.id).sort();
      for (const pageSize of [1, 3, 5, 10, 11]) {
        const found = await context.all(scope, pageSize);
        expect(found.map((point) => point.id).sort()).toEqual(wanted);
        expect(found[0]).not.toHaveProperty('vector');
      }
    });

    it('ends, with every point once, though the caller rewrites what he reads', async () => {
      const scope = sampleScope();
      const points = Array.from({ length: 7 }, (_, at) => samplePoint(scope, {}, unit(SAMPLE_DIMENSION, at)));
      await context.index.upsert(context.contract.id, points);
      const read: string[] = [];
      for await (const point of context.index.scroll(context.contract.id, scope, { pageSize: 2 })) {
        read.push(point.id);
        const vector = unit(SAMPLE_DIMENSION, read.length + 50);
        await context.index.upsert(context.contract.id, [{ ...point, vector }]);
      }
      expect(read.sort()).toEqual(points.map(({ id }) => id).sort());
    });
  });
}
