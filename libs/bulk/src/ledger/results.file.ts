import { type BulkProgressDocument, keys } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import type { BulkJobKey } from '../registry/bulk-jobs.registry.js';
import type { Ledger } from './ledger.js';

/**
 * Writes every entry of the ledger into one object, and returns its key. Segments are copied as they are: gzip members
 * one after the other are a gzip file (RFC 1952, 2.2). A job without lines gives an empty file.
 */
export async function writeResults(
  store: ObjectStore,
  ledger: Ledger,
  job: BulkJobKey,
  { accounted }: Pick<BulkProgressDocument, 'accounted'>,
): Promise<string> {
  const key = keys.bulkResults(job.tenant, job.id);
  await store.putStream(key, segmentsOf(store, ledger, job, accounted), { contentType: 'application/gzip' });
  return key;
}

async function* segmentsOf(
  store: ObjectStore,
  ledger: Ledger,
  job: BulkJobKey,
  accounted: number,
): AsyncGenerator<Uint8Array> {
  for await (const { key } of ledger.segments(job, accounted)) yield (await store.get(key)).body;
}
