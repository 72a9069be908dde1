import type { BulkJobDocument, BulkProgressDocument } from '@facelane/contracts';
import { COLLECTION, CONTRACT, idOf, TENANT } from './documents.js';

/** A bulk job over a prefix. */
export const bulkJob = (more: Partial<BulkJobDocument> = {}): BulkJobDocument => ({
  ...{ version: 1, tenant: TENANT, id: idOf('job'), collection: COLLECTION, contract: CONTRACT },
  source: { kind: 'prefix', bucket: 'media', prefix: '2026/' },
  options: { onlyNew: false, weight: 1, window: 200, notify: 'summary' },
  ...{ wish: 'run', createdAt: '2026-06-01T00:00:00.000Z' },
  ...more,
});

/** A job that runs and has nothing accounted for. */
export const bulkProgress = (more: Partial<BulkProgressDocument> = {}): BulkProgressDocument => ({
  ...{ version: 1, state: 'running', fence: 1, accounted: 0, cursor: '', failures: {} },
  counts: { done: 0, no_faces: 0, duplicate: 0, failed: 0, cancelled: 0 },
  ...{ startedAt: '2026-06-01T00:00:00.000Z', updatedAt: '2026-06-01T00:00:00.000Z' },
  ...more,
});
