import { plainLine } from '../output/terminal.text.js';

/** An event as it was read, of a type that may be newer than this program. */
export interface ShownEvent {
  readonly type: string;
  readonly timestamp: string;
  readonly collection?: string | undefined;
  readonly data: object;
}

/** What tells most, in this order; the rest is in the JSON. */
const TELLING = [
  ...['assetId', 'externalId', 'faceId', 'personId', 'jobId', 'endpointId', 'decision', 'score', 'state', 'accounted'],
  ...['faces', 'matched', 'review', 'unmatched', 'reason', 'receiptId', 'resultKey'],
] as const;

/** One line: when, what, where, and what tells most of it. */
export function eventLine({ type, timestamp, collection = '-', data }: ShownEvent): string {
  const values = new Map<string, unknown>(Object.entries(data));
  const told = TELLING.flatMap((name) => {
    const value = values.get(name);
    return typeof value === 'string' || typeof value === 'number' ? [`${name}=${value}`] : [];
  });
  const failure = values.get('failure') as { readonly code?: string } | undefined;
  const code = failure?.code === undefined ? [] : [`code=${failure.code}`];
  return plainLine([timestamp, type.padEnd(17), collection, ...code, ...told].join('  '));
}
