import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SAMPLE_DIMENSION, samplePoint, sampleScope, unit } from '../samples.js';
import type { ConformanceContext } from './context.js';

export function describeRefusals(context: ConformanceContext): void {
  describe('upsert refuses', () => {
    it('writes nothing of a call that holds a vector it refuses', async () => {
      const scope = sampleScope();
      const good = samplePoint(scope);
      const bad = {
        'too short': unit(SAMPLE_DIMENSION - 1),
        'too long': unit(SAMPLE_DIMENSION + 1),
        'not a number': unit(SAMPLE_DIMENSION).fill(Number.NaN, 3, 4),
        infinite: unit(SAMPLE_DIMENSION).fill(Infinity, 3, 4),
        'not of unit length': unit(SAMPLE_DIMENSION).map((value) => value * 1.01),
        zero: new Float32Array(SAMPLE_DIMENSION),
      };
      for (const [what, vector] of Object.entries(bad)) {
        const refused = context.index.upsert(context.contract.id, [good, { ...samplePoint(scope), vector }]);
        await expect(refused, what).rejects.toMatchObject({ code: 'INDEX.INPUT_INVALID' });
        const search = context.index.search(context.contract.id, [vector], scope, 1);
        await expect(search, what).rejects.toMatchObject({ code: 'INDEX.INPUT_INVALID' });
      }
      expect(await context.index.count(context.contract.id, scope)).toBe(0);
    });

    it('does not let a refused call touch its neighbours', async () => {
      const scope = sampleScope();
      const results = await Promise.allSettled([
        context.index.upsert(context.contract.id, [samplePoint(scope)]),
        context.index.upsert('never-ensured', [samplePoint(scope)]),
        context.index.upsert(context.contract.id, [{ ...samplePoint(scope), vector: unit(SAMPLE_DIMENSION + 1) }]),
        context.index.upsert(context.contract.id, [samplePoint(scope)]),
      ]);
      expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
      expect(await context.index.count(context.contract.id, scope)).toBe(2);
    });

    it('refuses ids that are no lower-case UUIDs', async () => {
      for (const bad of ['1', 'x', randomUUID().toUpperCase()]) {
        const refused = context.index.upsert(context.contract.id, [{ ...samplePoint(sampleScope()), id: bad }]);
        await expect(refused).rejects.toMatchObject({ code: 'INDEX.INPUT_INVALID' });
      }
    });
  });
}

export function describeClose(context: ConformanceContext): void {
  describe('close', () => {
    it('waits for what was asked, may be repeated, and ends the use of the index', async () => {
      const closing = context.open();
      const scope = sampleScope();
      const written = closing.upsert(context.contract.id, [samplePoint(scope)]);
      await closing.close();
      await closing.close();
      await written;
      expect(await context.index.count(context.contract.id, scope)).toBe(1);
      await expect(closing.count(context.contract.id, scope)).rejects.toMatchObject({ code: 'INDEX.UNAVAILABLE' });
      await context.open().close();
    });
  });
}
