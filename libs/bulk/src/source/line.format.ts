import { csvLine, headerOf } from './csv.line.js';
import { jsonLine } from './json.line.js';
import { broken, type LineContent } from './source.item.js';
import type { TextRecord } from './record.splitter.js';

/** How the lines of one manifest are read. */
export interface LineFormat {
  readonly kind: 'line' | 'record';
  /** Whether the line that told the format is an item itself. */
  readonly hasHeader: boolean;
  readonly parse: (text: string) => LineContent;
}

/**
 * The format that the first line with something on it tells: a CSV header has a column `key` or `url`; everything else
 * is JSON, line by line.
 * @param bucket of keys without one
 * @throws StageError BULK.MANIFEST_UNREADABLE for a header with columns that are unknown or twice there
 */
export function formatOf(first: TextRecord, bucket: string): LineFormat {
  const text = first.fault === undefined ? textOf(first.bytes) : undefined;
  const columns = text === undefined ? undefined : headerOf(text);
  if (columns === undefined) return { kind: 'line', hasHeader: false, parse: (line) => jsonLine(line, bucket) };
  return { kind: 'record', hasHeader: true, parse: (line) => csvLine(line, columns, bucket) };
}

/** What a line says, or what is wrong with it; undefined for one with nothing on it. */
export function readLine(record: TextRecord, format: LineFormat): LineContent | undefined {
  const text = textOf(record.bytes);
  const shown = text ?? Buffer.from(record.bytes.subarray(0, 1024)).toString();
  const here = `Line ${record.line}`;
  if (record.fault === 'long') return broken('BULK.LINE_TOO_LONG', `${here} is longer than 64 KiB.`, shown);
  if (record.fault === 'open') return broken('BULK.LINE_INVALID', `${here} has a quote that is never closed.`, shown);
  if (text === undefined) return broken('BULK.LINE_INVALID', `${here} is not UTF-8.`, shown);
  if (text.trim() === '') return undefined;
  const content = format.parse(text);
  if ('item' in content) return content;
  return broken(content.broken.code, `${here} is no item: ${content.broken.message}.`, shown);
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}
