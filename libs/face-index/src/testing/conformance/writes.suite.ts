import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { FacePoint } from '../../face-index.port.js';
import { collect, SAMPLE_DIMENSION, samplePoint, sampleScope, unit } from '../samples.js';
import type { ConformanceContext } from './context.js';

export function describeUpserts(context: ConformanceContext): void {
  describe('upsert', () => {
    it('keeps every field, and leaves absent ones absent', async () => {
      const scope = sampleScope();
      const full: FacePoint = {
        ...samplePoint(scope),
        ...{ kind: 'face', personId: 'p', assetId: 'a', faceIndex: 0, decision: 'match', score: 0.5 },
      };
      const bare = samplePoint(scope, { kind: 'person' });
      await context.index.upsert(context.contract.id, [full, bare]);
      const found = await collect(context.index.scroll(context.contract.id, scope, { withVectors: true }));
      for (const written of [full, bare]) {
        const { vector, ...point } = found.find((each) => each.id === written.id)!;
        const { vector: expected, ...fields } = written;
        expect(point).toStrictEqual(fields);
        expect(vector).toBeInstanceOf(Float32Array);
        expect(vector.every((value, at) => Math.abs(value - expected[at]!) < 1e-6)).toBe(true);
      }
    });

    it('replaces the point of the same id, whichever collection and kind it was in', async () => {
      const from = sampleScope();
      const to = sampleScope();
      const point = samplePoint(from, { decision: 'review', assetId: 'a' });
      await context.index.upsert(context.contract.id, [point]);
      await context.index.upsert(context.contract.id, [{ ...samplePoint(to, { kind: 'person' }), id: point.id }]);
      expect(await context.all(from)).toEqual([]);
      expect(await context.all(to)).toStrictEqual([{ ...to, id: point.id, kind: 'person' }]);
    });

    it('takes the later of two with the same id', async () => {
      const scope = sampleScope();
      const point = samplePoint(scope);
      await context.index.upsert(context.contract.id, [
        { ...point, assetId: 'first' },
        { ...point, assetId: 'second' },
      ]);
      expect(await context.all(scope)).toMatchObject([{ assetId: 'second' }]);
    });

    it('leaves the caller his vectors, and takes views into larger buffers', async () => {
      const scope = sampleScope();
      const block = new Float32Array(3 * SAMPLE_DIMENSION);
      block.set(unit(SAMPLE_DIMENSION, 1), SAMPLE_DIMENSION);
      const vector = block.subarray(SAMPLE_DIMENSION, 2 * SAMPLE_DIMENSION);
      await context.index.upsert(context.contract.id, [{ ...samplePoint(scope), vector }]);
      const [list] = await context.index.search(context.contract.id, [vector], scope, 1);
      expect(list?.[0]?.score).toBeCloseTo(1, 5);
      expect(block).toHaveLength(3 * SAMPLE_DIMENSION);
    });

    it('takes an empty list', async () => {
      await context.index.upsert(context.contract.id, []);
    });
  });
}

export function describeConcurrentUpserts(context: ConformanceContext): void {
  describe('concurrent upserts', () => {
    it('keeps what many callers write at once', async () => {
      const scope = sampleScope();
      const other = context.open();
      const writes = Array.from({ length: 40 }, (_, at) =>
        (at % 2 === 0 ? context.index : other).upsert(context.contract.id, [samplePoint(scope), samplePoint(scope)]),
      );
      await Promise.all(writes);
      expect(await context.index.count(context.contract.id, scope)).toBe(80);
    });
  });
}

export function describeDeletes(context: ConformanceContext): void {
  describe('delete', () => {
    it('takes what the filter matches and nothing else', async () => {
      const scope = sampleScope();
      const elsewhere = sampleScope();
      await context.index.upsert(context.contract.id, [
        samplePoint(scope, { assetId: 'a1' }),
        samplePoint(scope, { assetId: 'a1' }),
        samplePoint(scope, { assetId: 'a2' }),
        samplePoint(elsewhere, { assetId: 'a1' }),
      ]);
      await context.index.deleteWhere(context.contract.id, { ...scope, assetId: 'a1' });
      expect(await context.all(scope)).toMatchObject([{ assetId: 'a2' }]);
      await context.index.deleteWhere(context.contract.id, scope);
      expect(await context.all(scope)).toEqual([]);
      expect(await context.all(elsewhere)).toHaveLength(1);
    });

    it('takes the named ids, and does not mind missing ones', async () => {
      const scope = sampleScope();
      const points = [samplePoint(scope), samplePoint(scope), samplePoint(scope)];
      await context.index.upsert(context.contract.id, points);
      await context.index.deleteByIds(context.contract.id, [points[0]!.id, points[1]!.id, randomUUID()]);
      await context.index.deleteByIds(context.contract.id, []);
      expect((await context.all(scope)).map((point) => point.id)).toEqual([points[2]!.id]);
    });
  });
}
