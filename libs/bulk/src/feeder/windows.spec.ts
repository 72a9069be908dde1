import { randomUUID } from 'node:crypto';
import type { BulkJobDocument } from '@facelane/contracts';
import { describe, expect, it } from 'vitest';
import { windowsOf } from './windows.js';

const jobOf = (tenant: string, weight = 1): BulkJobDocument => ({
  ...{ version: 1, tenant, id: randomUUID(), collection: 'main', contract: 'c-1', wish: 'run' },
  source: { kind: 'prefix', bucket: 'photos', prefix: '' },
  options: { onlyNew: false, weight, window: 200, notify: 'none' },
  createdAt: '2026-01-01T00:00:00.000Z',
});

const sizes = (jobs: readonly BulkJobDocument[], tenantWeights = {}): (number | undefined)[] => {
  const windows = windowsOf(jobs, { window: 200, tenantWeights });
  return jobs.map(({ id }) => windows.get(id));
};

describe('windowsOf', () => {
  it('are the same for every tenant, however many jobs each has', () => {
    expect(sizes([jobOf('acme'), jobOf('acme'), jobOf('beta')])).toEqual([100, 100, 200]);
  });

  it('follow the weights of jobs within a tenant, and of tenants among each other', () => {
    expect(sizes([jobOf('acme', 3), jobOf('acme'), jobOf('beta')], { beta: 4 })).toEqual([37, 12, 200]);
    expect(sizes([jobOf('acme')], { beta: 4 })).toEqual([200]);
  });

  it('leave every job something', () => {
    const jobs = Array.from({ length: 300 }, () => jobOf('acme'));
    expect(new Set(sizes(jobs))).toEqual(new Set([1]));
  });
});
