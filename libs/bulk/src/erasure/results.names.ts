import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { keys, ledgerEntrySchema, StageError } from '@facelane/contracts';
import type { ObjectStore, OpenedObject } from '@facelane/object-store';
import { namesAny } from '../ledger/entry.people.js';
import type { BulkJobKey } from '../registry/bulk-jobs.registry.js';

/**
 * Whether the results file of the job names one of the people. It is read, not inferred from the ledger: an erasure that
 * died between the two has left a clean ledger and a file that names somebody.
 *
 * @throws StageError STORE.CORRUPT: what cannot be read cannot be shown to be rid of anybody
 */
export async function resultsName(
  store: Pick<ObjectStore, 'open'>,
  { tenant, id }: BulkJobKey,
  people: ReadonlySet<string>,
): Promise<boolean> {
  const key = keys.bulkResults(tenant, id);
  const found = await openIfThere(store, key);
  if (found === undefined || found.info.size === 0) return false;
  const ids = [...people];
  try {
    for await (const line of linesOf(unpacked(found.body))) {
      // Nearly every line ends here: what is not text of it is no field of it.
      if (!ids.some((personId) => line.includes(personId))) continue;
      if (namesAny(ledgerEntrySchema.parse(JSON.parse(line)), (personId) => people.has(personId))) return true;
    }
    return false;
  } catch (error) {
    // Somebody wrote it anew meanwhile.
    if (error instanceof StageError && error.code === 'STORE.CHANGED')
      return resultsName(store, { tenant, id }, people);
    if (error instanceof StageError) throw error;
    throw new StageError('STORE.CORRUPT', `${key} is not the results file that belongs there.`, {
      safeDetails: { key },
      cause: error,
    });
  }
}

async function openIfThere(store: Pick<ObjectStore, 'open'>, key: string): Promise<OpenedObject | undefined> {
  return store.open(key).catch((error: unknown) => {
    if (error instanceof StageError && error.code === 'STORE.MISSING') return undefined;
    throw error;
  });
}

/** Leaving the loop over it closes the body. */
function unpacked(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  // Its failures come out of the loop.
  return pipeline(Readable.from(body), createGunzip(), () => undefined);
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
