import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { StageError } from '@facelane/contracts';
import { photoOf } from './photo.fields.js';
import { broken, type LineContent } from './source.item.js';

const COLUMNS = ['key', 'url', 'bucket', 'externalId', 'tags'] as const;
export type Column = (typeof COLUMNS)[number];

/** Neither is rare in the other's lists, so both are taken. */
const TAG_SEPARATOR = /[;|]/;

/**
 * The columns of a header, whose names are taken in any case; undefined for a line that is none.
 * @throws StageError BULK.MANIFEST_UNREADABLE
 */
export function headerOf(text: string): readonly Column[] | undefined {
  const fields = fieldsOf(text);
  if ('objection' in fields) return undefined;
  const names = fields.map((name) => name.trim().toLowerCase());
  if (!names.includes('key') && !names.includes('url')) return undefined;
  return names.map((name, i) => {
    const column = COLUMNS.find((known) => known.toLowerCase() === name);
    if (column === undefined) throw badHeader(`has the unknown column ${JSON.stringify(name.slice(0, 60))}`);
    if (names.indexOf(name) !== i) throw badHeader(`has the column ${column} twice`);
    return column;
  });
}

/** A record below such a header. A field of no characters is absent; tags stand between `;` or `|`. */
export function csvLine(text: string, columns: readonly Column[], bucket: string): LineContent {
  const fields = fieldsOf(text);
  if ('objection' in fields) return broken('BULK.LINE_INVALID', fields.objection, text);
  if (fields.length !== columns.length) {
    const counts = `it has ${fields.length} fields and the header has ${columns.length}`;
    return broken('BULK.LINE_INVALID', counts, text);
  }
  const named = columns.flatMap((column, i) => {
    const value = fields[i] ?? '';
    return value === '' ? [] : [[column, column === 'tags' ? tagsOf(value) : value] as const];
  });
  const photo = photoOf(Object.fromEntries(named), bucket);
  return 'objection' in photo ? broken('BULK.LINE_INVALID', photo.objection, text) : { item: photo };
}

function tagsOf(value: string): string[] {
  return value
    .split(TAG_SEPARATOR)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

const OBJECTIONS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is never closed',
  CSV_INVALID_CLOSING_QUOTE: 'something follows a closing quote; a quote within quotes is written twice',
  INVALID_OPENING_QUOTE: 'a quote stands in a field that is not quoted',
};

/** The fields of one record, which ends where `text` ends. */
function fieldsOf(text: string): readonly string[] | { readonly objection: string } {
  try {
    const [record] = parse(text, { relax_column_count: true, record_delimiter: '\n' });
    return record ?? { objection: 'it is no CSV record' };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { objection: OBJECTIONS[error.code] ?? 'it is no CSV' };
  }
}

function badHeader(what: string): StageError {
  return new StageError(
    'BULK.MANIFEST_UNREADABLE',
    `The header of the manifest ${what}; the columns are ${COLUMNS.join(', ')}.`,
  );
}
