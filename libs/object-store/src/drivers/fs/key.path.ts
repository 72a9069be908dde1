import { join } from 'node:path';

/**
 * Keys as paths. An object is a file `<segment>+`, a shared prefix a folder `<segment>`, so that `a` and `a/b` live
 * side by side. Segments keep lower-case letters, digits and `._-`; every other byte becomes `%xx`, which makes two
 * keys two files on file systems that fold case or Unicode forms. Longer segments than a file name may be go on in
 * folders `<start>=`. Names with `#` are the store's own and no key maps to them.
 */
const PLAIN = /^[a-z0-9._-]*$/;
/** Windows keeps these names for devices, and drops a dot at the end of a name. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/;
/** File names may have 255 bytes on every common file system; the rest is room for the suffix. */
const MAX_NAME = 240;

const OBJECT_SUFFIX = '+';
const CONTINUED_SUFFIX = '=';

export function encodeSegment(segment: string): string {
  const plain = PLAIN.test(segment) ? segment : [...Buffer.from(segment)].map(encodeByte).join('');
  if (RESERVED.test(plain)) return percent(plain.charCodeAt(0)) + plain.slice(1);
  return plain.endsWith('.') ? `${plain.slice(0, -1)}${percent(0x2e)}` : plain;
}

function encodeByte(byte: number): string {
  const character = String.fromCharCode(byte);
  return PLAIN.test(character) ? character : percent(byte);
}

const percent = (byte: number): string => `%${byte.toString(16).padStart(2, '0')}`;

/** The segment of an encoded name; undefined for a name this store did not write. */
export function decodeSegment(name: string): string | undefined {
  if (name === '') return undefined;
  const segment = PLAIN.test(name) ? name : Buffer.from(unescapeBytes(name), 'latin1').toString();
  return encodeSegment(segment) === name ? segment : undefined;
}

const unescapeBytes = (name: string): string =>
  name.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

/** Path of the folder that holds the keys starting with `prefix`, which is empty or ends in a slash. */
export function folderPath(bucketPath: string, prefix: string): string {
  return join(bucketPath, ...prefix.split('/').slice(0, -1).flatMap(segmentPath));
}

export function objectPath(bucketPath: string, key: string): string {
  const slash = key.lastIndexOf('/') + 1;
  const name = join(...segmentPath(key.slice(slash)));
  return join(folderPath(bucketPath, key.slice(0, slash)), `${name}${OBJECT_SUFFIX}`);
}

function segmentPath(segment: string): string[] {
  const parts: string[] = [];
  let rest = encodeSegment(segment);
  while (rest.length > MAX_NAME) {
    parts.push(rest.slice(0, MAX_NAME) + CONTINUED_SUFFIX);
    rest = rest.slice(MAX_NAME);
  }
  return [...parts, rest];
}

export type EntryKind = 'object' | 'folder' | 'continued';

/** What a file name in the store stands for, and the encoded (part of a) segment it carries. */
export function parseEntry(name: string): { readonly kind: EntryKind; readonly encoded: string } {
  if (name.endsWith(OBJECT_SUFFIX)) return { kind: 'object', encoded: name.slice(0, -1) };
  if (name.endsWith(CONTINUED_SUFFIX)) return { kind: 'continued', encoded: name.slice(0, -1) };
  return { kind: 'folder', encoded: name };
}
