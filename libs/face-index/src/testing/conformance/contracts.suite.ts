import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { collect, SAMPLE_DIMENSION, samplePoint, sampleScope } from '../samples.js';
import type { ConformanceContext } from './context.js';

export function describeContracts(context: ConformanceContext): void {
  describe('contracts', () => {
    it('are made once, however often and by however many', async () => {
      const fresh = { id: `conformance-${randomUUID()}`, dimension: SAMPLE_DIMENSION };
      const other = context.open();
      await Promise.all([1, 2, 3].flatMap(() => [context.index.ensureContract(fresh), other.ensureContract(fresh)]));
      const scope = sampleScope();
      await other.upsert(fresh.id, [samplePoint(scope)]);
      await context.index.ensureContract(fresh);
      expect(await context.index.count(fresh.id, scope)).toBe(1);
    });

    it('keep their dimension', async () => {
      const wider = context.index.ensureContract({ ...context.contract, dimension: SAMPLE_DIMENSION * 2 });
      await expect(wider).rejects.toMatchObject({ code: 'INDEX.CONTRACT_MISMATCH' });
    });

    it('are refused with a malformed id or dimension', async () => {
      for (const bad of ['', 'A', '-a', 'a/b', 'a'.repeat(64)]) {
        const refused = context.index.ensureContract({ id: bad, dimension: SAMPLE_DIMENSION });
        await expect(refused).rejects.toMatchObject({ code: 'INDEX.INPUT_INVALID' });
      }
      const flat = context.index.ensureContract({ id: 'flat', dimension: 0 });
      await expect(flat).rejects.toMatchObject({ code: 'INDEX.INPUT_INVALID' });
    });

    it('are clearly missing from every operation until ensured, also by another process', async () => {
      const late = { id: `conformance-${randomUUID()}`, dimension: SAMPLE_DIMENSION };
      const scope = sampleScope();
      const point = samplePoint(scope);
      const operations = [
        () => context.index.upsert(late.id, [point]),
        () => context.index.search(late.id, [point.vector], scope, 1),
        () => context.index.deleteWhere(late.id, scope),
        () => context.index.deleteByIds(late.id, [point.id]),
        () => context.index.find(late.id, []),
        () => context.index.count(late.id, scope),
        () => collect(context.index.scroll(late.id, scope)),
      ];
      for (const operation of operations) {
        await expect(operation()).rejects.toMatchObject({
          code: 'INDEX.CONTRACT_MISSING',
          message: expect.stringContaining(late.id) as string,
        });
      }
      await context.open().ensureContract(late);
      for (const operation of operations) await operation();
    });

    it('keep their vectors apart', async () => {
      const other = { id: `conformance-${randomUUID()}`, dimension: SAMPLE_DIMENSION };
      await context.index.ensureContract(other);
      const scope = sampleScope();
      const point = samplePoint(scope);
      await context.index.upsert(context.contract.id, [point]);
      await context.index.upsert(other.id, [{ ...point, assetId: 'elsewhere' }]);
      await context.index.deleteByIds(other.id, [point.id]);
      expect(await context.all(scope)).toHaveLength(1);
    });
  });
}
