import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../problem/problem.error.js';
import { discard, readAway } from './read-away.js';

/** Most that any form of the API has: a hundred photos by reference, or fifty tags, and a handful beside them. */
const MAX_FIELDS = 200;
const MAX_FIELD_BYTES = 64 * 1024;

/** A field as text, or as the value of a part that says that it is JSON. */
export type FormField = { readonly text: string } | { readonly json: unknown };

export interface FormFile {
  readonly bytes: Uint8Array;
}

export interface FormParts {
  readonly files: ReadonlyMap<string, readonly FormFile[]>;
  readonly fields: ReadonlyMap<string, readonly FormField[]>;
}

/**
 * Reads a multipart form to its end, or to the first thing that is wrong with it.
 *
 * @param photos names of file fields, and how many of each there may be.
 * @throws ProblemError API.TOO_LARGE, API.REQUEST_INVALID, API.REQUEST_UNPARSABLE
 */
export async function readFormParts(
  request: FastifyRequest,
  photos: Readonly<Record<string, number>>,
  maxBytes: number,
): Promise<FormParts> {
  const files = new Map<string, FormFile[]>();
  const fields = new Map<string, FormField[]>();
  let total = 0;
  const count = (bytes: number): void => {
    total += bytes;
    if (total > maxBytes) throw tooLarge(maxBytes);
  };
  try {
    for await (const part of partsOf(request, photos, maxBytes)) {
      if (part.type === 'field') {
        push(fields, part.fieldname, fieldOf(part, count));
        continue;
      }
      const bytes = await readable(bytesOf(part.file, count));
      push(files, part.fieldname, { bytes });
      requireRoom(part.fieldname, files.get(part.fieldname)?.length ?? 0, photos);
    }
  } catch (error) {
    // The rest is on its way, and nobody else will read it: the connection would stand still with it.
    if (error instanceof ProblemError && error.status !== 413) discard(request.raw);
    else readAway(request.raw);
    throw error;
  }
  return { files, fields };
}

async function* partsOf(
  request: FastifyRequest,
  photos: Readonly<Record<string, number>>,
  maxBytes: number,
): AsyncGenerator<Multipart> {
  const most = Object.values(photos).reduce((sum, one) => sum + one, 0);
  // One file more than there may be is read, so that its field can be named.
  const limits = { fileSize: maxBytes + 1, files: most + 1, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES };
  const parts = request.parts({ limits });
  for (;;) {
    const next: IteratorResult<Multipart, unknown> = await readable(parts.next());
    if (next.done === true) return;
    if (next.value.type === 'file') requireRoom(next.value.fieldname, 0, photos);
    yield next.value;
  }
}

function requireRoom(name: string, found: number, photos: Readonly<Record<string, number>>): void {
  const most = Object.hasOwn(photos, name) ? photos[name] : undefined;
  if (most === undefined) {
    throw unexpected(name, `no file of this name; files are ${Object.keys(photos).join(', ') || 'none'}`);
  }
  if (found > most) throw unexpected(name, `at most ${most} ${most === 1 ? 'file' : 'files'}`);
}

function fieldOf(part: Extract<Multipart, { type: 'field' }>, count: (bytes: number) => void): FormField {
  const { fieldname, value, valueTruncated, mimetype } = part;
  if (valueTruncated) throw unexpected(fieldname, `at most ${MAX_FIELD_BYTES} bytes`);
  if (typeof value !== 'string') return { json: value };
  count(Buffer.byteLength(value));
  return mimetype === 'application/json' ? { json: value } : { text: value };
}

/** Counted as it comes: a file that has no end is not waited for. */
async function bytesOf(file: AsyncIterable<Uint8Array>, count: (bytes: number) => void): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file) {
    count(chunk.byteLength);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function push<T>(map: Map<string, T[]>, name: string, value: T): void {
  const known = map.get(name);
  if (known === undefined) map.set(name, [value]);
  else known.push(value);
}

/** What the parser fails with has a status, except when the bytes are no form. */
async function readable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof ProblemError || (error instanceof Error && 'statusCode' in error)) throw error;
    throw new ProblemError('API.REQUEST_UNPARSABLE', 'The form is cut short, or its boundary is another one.', {
      cause: error,
    });
  }
}

/** @param name of a field of the form. */
export const unexpected = (name: string, message: string): ProblemError =>
  new ProblemError('API.REQUEST_INVALID', 'The form does not fit the description.', {
    errors: [{ path: `body.${name}`.slice(0, 256), message }],
  });

const tooLarge = (maxBytes: number): ProblemError =>
  new ProblemError('API.TOO_LARGE', `The form has more than ${maxBytes} bytes.`);
