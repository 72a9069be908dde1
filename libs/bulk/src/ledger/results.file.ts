import { isDeepStrictEqual } from 'node:util';
import { type BulkProgressDocument, keys, StageError } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import type { BulkJobKey } from '../registry/bulk-jobs.registry.js';
import type { Ledger } from './ledger.js';

/** The ledger changes under it when somebody is erased or the job was taken over: hardly ever once. */
const MAX_RACES = 10;

/**
 * Writes every entry of the ledger into one object, and returns its key. Segments are copied as they are: gzip members
 * one after the other are a gzip file (RFC 1952, 2.2). A job without lines gives an empty file.
 *
 * A file of this size has no condition, and others may write it too: an erasure, a feeder that has lost its lease. So
 * each looks at the ledger again after its write, and writes again what has changed. What the last of them leaves is
 * what the ledger says.
 *
 * @param progressOf how far the job is by its document, read anew at each call
 * @throws StageError STORE.UNAVAILABLE when the ledger does not hold still
 */
export async function writeResults(
  store: ObjectStore,
  ledger: Ledger,
  job: BulkJobKey,
  progressOf: () => Promise<Pick<BulkProgressDocument, 'accounted'>>,
): Promise<string> {
  const key = keys.bulkResults(job.tenant, job.id);
  for (let race = 0; race < MAX_RACES; race += 1) {
    const copied = new Map<string, string>();
    const { accounted } = await progressOf();
    const body = segmentsOf(store, ledger, job, accounted, copied);
    await store.putStream(key, body, { contentType: 'application/gzip' });
    if (isDeepStrictEqual(copied, await etagsOf(ledger, job, (await progressOf()).accounted))) return key;
  }
  throw new StageError('STORE.UNAVAILABLE', `${key} is out of date: its ledger changed under ${MAX_RACES} writes.`);
}

/** Notes the etag of each segment as it was read. */
async function* segmentsOf(
  store: ObjectStore,
  ledger: Ledger,
  job: BulkJobKey,
  accounted: number,
  copied: Map<string, string>,
): AsyncGenerator<Uint8Array> {
  for await (const { key } of ledger.segments(job, accounted)) {
    const { body, etag } = await store.get(key);
    copied.set(key, etag);
    yield body;
  }
}

async function etagsOf(ledger: Ledger, job: BulkJobKey, accounted: number): Promise<Map<string, string>> {
  const etags = new Map<string, string>();
  for await (const { key, etag } of ledger.segments(job, accounted)) etags.set(key, etag);
  return etags;
}
