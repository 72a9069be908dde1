import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { BodyDeclaration } from '../endpoint/define-endpoint.js';
import { type FormField, type FormFile, readFormParts, unexpected } from './form.parts.js';

type AnySchema = z.core.$ZodType;

/**
 * Reads a multipart form into the shape that the same request would have as JSON, so that one schema checks both: a
 * file becomes `{bytes}`, and a field whose schema is not text is read as JSON.
 *
 * @throws ProblemError API.TOO_LARGE, API.REQUEST_INVALID, API.REQUEST_UNPARSABLE
 */
export async function readForm(
  request: FastifyRequest,
  { schema, photos = {} }: BodyDeclaration,
  maxBytes: number,
): Promise<Record<string, unknown>> {
  const { files, fields } = await readFormParts(request, photos, maxBytes);
  const shape = shapeOf(schema);
  const names = new Set([...fields.keys(), ...files.keys()]);
  // Not by assignment: a field may be called `__proto__`.
  return Object.fromEntries(
    [...names].map((name) => {
      const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
      return [name, valueOf(name, field, fields.get(name) ?? [], files.get(name) ?? [])];
    }),
  );
}

function valueOf(
  name: string,
  schema: AnySchema | undefined,
  fields: readonly FormField[],
  files: readonly FormFile[],
): unknown {
  if (isList(schema)) return [...listOf(elementOf(schema), fields), ...files];
  if (fields.length + files.length > 1) throw unexpected(name, 'is given more than once');
  return fields[0] === undefined ? files[0] : fieldValue(schema, fields[0]);
}

/** A list is either repeated fields or one field that holds JSON. */
function listOf(element: AnySchema | undefined, fields: readonly FormField[]): readonly unknown[] {
  const [only] = fields;
  if (only !== undefined && fields.length === 1) {
    const whole = 'json' in only ? only.json : fromJson(only.text);
    if (Array.isArray(whole)) return whole as readonly unknown[];
  }
  return fields.map((field) => fieldValue(element, field));
}

function fieldValue(schema: AnySchema | undefined, field: FormField): unknown {
  if ('json' in field) return field.json;
  return isText(schema) ? field.text : fromJson(field.text);
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, AnySchema>>;
  readonly element?: AnySchema;
  readonly innerType?: AnySchema;
  readonly in?: AnySchema;
}

/** Of the schema without optional, default and the like around it. */
function definitionOf(schema: AnySchema): Definition {
  const definition = schema._zod.def as Definition;
  const inner = definition.innerType ?? (definition.type === 'pipe' ? definition.in : undefined);
  return inner === undefined ? definition : definitionOf(inner);
}

const shapeOf = (schema: AnySchema): Readonly<Record<string, AnySchema>> => definitionOf(schema).shape ?? {};
const typeOf = (schema: AnySchema | undefined): string | undefined => schema && definitionOf(schema).type;
const isList = (schema: AnySchema | undefined): schema is AnySchema => typeOf(schema) === 'array';
const isText = (schema: AnySchema | undefined): boolean => ['string', 'enum', undefined].includes(typeOf(schema));
const elementOf = (schema: AnySchema): AnySchema | undefined => definitionOf(schema).element;
