import {
  type BulkItem,
  type DoneResult,
  ERROR_CODES,
  type ErrorCode,
  type LedgerEntry,
  type ResultDocument,
} from '@facelane/contracts';
import type { BrokenLine, BulkPhoto } from '../source/source.item.js';

/** Longest text of a ledger entry, characters. */
const MAX_TEXT = 2_048;

/** The line and the item that an entry is about. */
export interface NamedItem {
  readonly line: number;
  readonly item: BulkPhoto;
}

/** How an item ended whose asset has this result. */
export function resultEntry(named: NamedItem, result: ResultDocument): LedgerEntry {
  const base = { ...baseEntry(named), assetId: result.assetId };
  switch (result.state) {
    case 'failed': {
      const { stage, code, message } = result.failure;
      return { ...base, outcome: 'failed', failure: { stage, code, message, retryable: isRetryable(code) } };
    }
    case 'done': {
      const { faces, duplicateOf } = result;
      return {
        ...base,
        outcome: duplicateOf !== undefined ? 'duplicate' : faces.length > 0 ? 'done' : 'no_faces',
        ...(duplicateOf !== undefined && { duplicateOf: { assetId: duplicateOf } }),
        faces: faces.map(faceOf),
      };
    }
  }
}

/** An item that an earlier line of the job has named already. */
export function repeatedEntry(named: NamedItem, assetId: string, line: BulkItem['line']): LedgerEntry {
  return { ...baseEntry(named), outcome: 'duplicate', assetId, duplicateOf: { assetId, line } };
}

/** An item that was not worked on because the job was cancelled. */
export function cancelledEntry(named: NamedItem, assetId: string): LedgerEntry {
  return { ...baseEntry(named), outcome: 'cancelled', assetId };
}

/** A line that is no item. */
export function brokenEntry(line: number, { code, message, text }: BrokenLine): LedgerEntry {
  return {
    line,
    item: text.slice(0, MAX_TEXT),
    outcome: 'failed',
    failure: { stage: 'manifest', code, message, retryable: false },
  };
}

/** An item that the pipeline would not take. */
export function refusedEntry(named: NamedItem, code: ErrorCode, message: string): LedgerEntry {
  return { ...baseEntry(named), outcome: 'failed', failure: { stage: 'manifest', code, message, retryable: false } };
}

function baseEntry({ line, item: { name, externalId } }: NamedItem): Pick<LedgerEntry, 'line' | 'item' | 'externalId'> {
  return { line, item: name.slice(0, MAX_TEXT), ...(externalId !== undefined && { externalId }) };
}

function faceOf({ decision, personId, candidates }: DoneResult['faces'][number]): NonNullable<LedgerEntry['faces']>[0] {
  // The score is that of the person decided on; where there is none, of the best one there was.
  const best = candidates.find((candidate) => candidate.personId === personId) ?? candidates[0];
  return { decision, ...(personId !== undefined && { personId }), ...(best !== undefined && { score: best.score }) };
}

const isRetryable = (code: ErrorCode): boolean => ERROR_CODES[code].retry !== 'never';
