import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { BodyDeclaration } from '../endpoint/define-endpoint.js';
import { ProblemError } from '../problem/problem.error.js';

const MAX_FIELDS = 64;
const MAX_FIELD_BYTES = 64 * 1024;

interface FormContent {
  readonly files: ReadonlyMap<string, readonly { readonly bytes: Uint8Array }[]>;
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads a multipart form into the shape that the same request would have as JSON, so that one schema checks both: a
 * file becomes `{bytes}`, and a field whose schema is not text is read as JSON.
 *
 * @throws ProblemError API.TOO_LARGE, API.REQUEST_INVALID
 */
export async function readForm(
  request: FastifyRequest,
  { schema, photos = {} }: BodyDeclaration,
  maxBytes: number,
): Promise<Record<string, unknown>> {
  const { files, fields } = await readParts(request, photos, maxBytes);
  const shape = shapeOf(schema);
  const body: Record<string, unknown> = {};
  for (const [name, values] of fields) body[name] = fieldValue(shape[name], values);
  for (const [name, found] of files) body[name] = isList(shape[name]) ? found : found[0];
  return body;
}

async function readParts(
  request: FastifyRequest,
  photos: Readonly<Record<string, number>>,
  maxBytes: number,
): Promise<FormContent> {
  const files = new Map<string, { bytes: Uint8Array }[]>();
  const fields = new Map<string, string[]>();
  let total = 0;
  const count = Object.values(photos).reduce((sum, most) => sum + most, 0);
  const limits = { fileSize: maxBytes, files: count + 1, fields: MAX_FIELDS, fieldSize: MAX_FIELD_BYTES };
  for await (const part of request.parts({ limits })) {
    if (part.type === 'field') {
      push(fields, part.fieldname, String(part.value));
      continue;
    }
    const most = photos[part.fieldname];
    if (most === undefined) throw unexpected(part.fieldname, `no file of this name; files are ${names(photos)}`);
    // Throws 413 by itself beyond the limit of one file.
    const bytes = await part.toBuffer();
    total += bytes.byteLength;
    if (total > maxBytes) throw new ProblemError('API.TOO_LARGE', `The files of the form exceed ${maxBytes} bytes.`);
    if ((files.get(part.fieldname)?.length ?? 0) >= most) {
      throw unexpected(part.fieldname, `at most ${most} ${most === 1 ? 'file' : 'files'}`);
    }
    push(files, part.fieldname, { bytes });
  }
  return { files, fields };
}

function push<T>(map: Map<string, T[]>, name: string, value: T): void {
  const known = map.get(name);
  if (known === undefined) map.set(name, [value]);
  else known.push(value);
}

const names = (photos: Readonly<Record<string, number>>): string => Object.keys(photos).join(', ') || 'none';

const unexpected = (name: string, message: string): ProblemError =>
  new ProblemError('API.REQUEST_INVALID', 'The form does not fit the description.', {
    errors: [{ path: `body.${name}`, message }],
  });

type AnySchema = z.core.$ZodType;

function shapeOf(schema: AnySchema): Readonly<Record<string, AnySchema>> {
  const { def } = unwrap(schema)._zod as { def: { type: string; shape?: Record<string, AnySchema> } };
  return def.shape ?? {};
}

/** Without optional, default and the like around it. */
function unwrap(schema: AnySchema): AnySchema {
  const { def } = schema._zod as { def: { type: string; innerType?: AnySchema; in?: AnySchema } };
  const inner = def.innerType ?? (def.type === 'pipe' ? def.in : undefined);
  return inner === undefined ? schema : unwrap(inner);
}

const typeOf = (schema: AnySchema | undefined): string | undefined => schema && unwrap(schema)._zod.def.type;
const isList = (schema: AnySchema | undefined): boolean => typeOf(schema) === 'array';
const isText = (schema: AnySchema | undefined): boolean => ['string', 'enum', undefined].includes(typeOf(schema));

function fieldValue(schema: AnySchema | undefined, values: readonly string[]): unknown {
  const [value = ''] = values;
  // A list is either repeated fields or one field that holds JSON.
  if (isList(schema) && !(values.length === 1 && value.startsWith('['))) return values;
  if (isText(schema)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
