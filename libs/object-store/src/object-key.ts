import { StageError } from '@facelane/contracts';

/** The limit of S3. */
const MAX_KEY_BYTES = 1024;

const CONTROL_CHARACTERS = /\p{Cc}/u;

/**
 * Refuses keys that some store, file system or URL would read as another key.
 * @throws StageError STORE.KEY_INVALID
 */
export function checkKey(key: string): void {
  checkReadableKey(key);
  if (key.split('/').includes('')) refuse(key, 'has an empty segment or starts or ends with a slash');
}

/**
 * What may be read: also the keys of other programs' buckets, with their doubled and leading slashes. `.` and `..`
 * stay refused, since a proxy may resolve them and answer with an object of another bucket.
 * @throws StageError STORE.KEY_INVALID
 */
export function checkReadableKey(key: string): void {
  if (key === '') refuse(key, 'is empty');
  checkText(key);
}

/**
 * A prefix is the start of a key and may end anywhere, or be empty.
 * @throws StageError STORE.KEY_INVALID
 */
export function checkPrefix(prefix: string): void {
  const last = prefix.lastIndexOf('/');
  if (last >= 0) checkKey(prefix.slice(0, last));
  // The last segment is unfinished: `.` may go on as `.well-known`.
  checkCharacters(prefix);
}

function checkText(key: string): void {
  checkCharacters(key);
  if (key.split('/').some((segment) => segment === '.' || segment === '..')) refuse(key, 'has a segment . or ..');
}

function checkCharacters(key: string): void {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) refuse(`${key.slice(0, 60)}…`, `is longer than ${MAX_KEY_BYTES} bytes`);
  if (!key.isWellFormed()) refuse(key, 'is not well-formed Unicode');
  if (CONTROL_CHARACTERS.test(key)) refuse(key, 'has a control character');
}

function refuse(key: string, why: string): never {
  throw new StageError('STORE.KEY_INVALID', `The key ${JSON.stringify(key)} ${why}.`);
}

const FIRST_SURROGATE = 0xd800;
const AFTER_SURROGATES = 0xe000;

/**
 * Order of two keys by their UTF-8 bytes, the order of S3 listings. JavaScript's own order differs from it where
 * surrogate pairs (U+10000 and up) meet U+E000 to U+FFFF.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= FIRST_SURROGATE && unit < AFTER_SURROGATES ? unit + 0x10000 : unit;
}
