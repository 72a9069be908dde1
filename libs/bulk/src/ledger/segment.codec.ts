import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type LedgerEntry, ledgerEntrySchema, StageError } from '@facelane/contracts';

const pack = promisify(gzip);
const unpack = promisify(gunzip);

/** Outcomes of so many consecutive lines make one object: few requests per item, little to do again after a crash. */
export const SEGMENT_LINES = 500;

/** Largest line times lines, with room: an object that unpacks to more is not one of ours. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/** The entries as gzip JSONL. The same entries give the same bytes: the header holds no time. */
export async function encodeSegment(entries: readonly LedgerEntry[]): Promise<Uint8Array> {
  return pack(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
}

/** @throws StageError STORE.CORRUPT when the bytes are no segment. */
export async function decodeSegment(key: string, bytes: Uint8Array): Promise<LedgerEntry[]> {
  try {
    const text = (await unpack(bytes, { maxOutputLength: MAX_UNPACKED_BYTES })).toString('utf8');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ledgerEntrySchema.parse(JSON.parse(line)));
  } catch (error) {
    throw new StageError('STORE.CORRUPT', `${key} is not the ledger segment that belongs there.`, {
      safeDetails: { key },
      cause: error,
    });
  }
}
