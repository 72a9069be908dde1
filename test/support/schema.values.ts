import fc from 'fast-check';
import type { JsonSchema } from './api.description.js';

/** What schemas of the API leave to the world outside: ids, addresses and photos that are there, or could be. */
export interface KnownValues {
  /** By the name of a parameter or field: ids of things that are there. */
  readonly named: Readonly<Record<string, readonly string[]>>;
  readonly urls: readonly string[];
  readonly base64: readonly string[];
}

interface Context extends KnownValues {
  readonly resolve: (ref: string) => JsonSchema;
}

/** Values that fit the schema, or nearly so: what only code can check is left to chance. */
export function fitting(schema: JsonSchema, context: Context, name = ''): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) return fitting(context.resolve(schema.$ref), context, name);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => fitting(one, context, name)));
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  switch (schema.type) {
    case 'string':
      return named(text(schema, context), context.named[name]);
    case 'integer':
      // None waits for a minute, as one of sixty would.
      if (name === 'wait') return fc.constantFrom(0, 1, -1, 61);
      return whole(Math.max(schema.minimum ?? 0, -1_000), Math.min(schema.maximum ?? 1_000, 1_000));
    case 'number':
      return fc.double({ min: schema.minimum ?? 0.0001, max: schema.maximum ?? 0.9, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(fitting(schema.items ?? {}, context, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    case 'object':
      return object(schema, context);
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

/** Small ones as often as all others: there are few faces in a photo. */
const whole = (min: number, max: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min, max: Math.min(min + 3, max) }), fc.integer({ min, max }));

function text(schema: JsonSchema, { urls, base64 }: Context): fc.Arbitrary<string> {
  const { format, pattern, minLength = 0, maxLength = 64 } = schema;
  switch (format) {
    case 'uuid':
      return fc.uuid();
    case 'uri':
      return fc.constantFrom(...urls);
    case 'byte':
      return fc.constantFrom(...base64);
    case 'date-time':
      return fc
        .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString());
    default:
      if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
      return fc.string({ minLength, maxLength: Math.min(maxLength, 64) });
  }
}

/** Mostly one of those that are there. */
function named(any: fc.Arbitrary<string>, known: readonly string[] = []): fc.Arbitrary<string> {
  return known.length === 0 ? any : fc.oneof({ arbitrary: fc.constantFrom(...known), weight: 6 }, any);
}

function object(schema: JsonSchema, context: Context): fc.Arbitrary<unknown> {
  const { properties, required = [], additionalProperties } = schema;
  if (properties === undefined) {
    const value = typeof additionalProperties === 'object' ? additionalProperties : {};
    return fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), fitting(value, context), { maxKeys: 3 });
  }
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, fitting(property, context, name)]),
  );
  return fc.record(fields, { requiredKeys: required.filter((name) => name in fields) });
}

const deep = (depth: number): unknown => {
  let value: unknown = 'deep';
  for (let i = 0; i < depth; i += 1) value = i % 2 === 0 ? [value] : { a: value };
  return value;
};

/** Values of the wrong kind, size or spelling, for any field. */
export const misfit: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, -1, 1.5, 1e308, -1e308, 2 ** 53, Number.MIN_VALUE, '', ' ', [], {}),
  fc.constantFrom(
    '..',
    '../../etc/passwd',
    'tenants/other/keys/',
    '\u0000',
    'a\u0000b',
    '\ud800',
    '👩‍👩‍👧',
    '\u202e',
    'Infinity',
    'NaN',
  ),
  fc.constantFrom<unknown>({ __proto__: null, length: -1 }, { toString: 1 }, { then: 'x' }, { bytes: {} }, { url: [] }),
  fc.constantFrom(100, 20_000, 300_000).map((length) => 'x'.repeat(length)),
  fc.constantFrom(20, 2_000).map(deep),
  fc
    .constantFrom<unknown>(1, 'a', null, {}, { bytes: 'aaaa' })
    .map((item) => Array.from({ length: 10_000 }, () => item)),
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
);

/** A body with one thing wrong in it, or with everything. */
export function broken(fits: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const damaged = fc
    .tuple(fits, fc.nat(20), misfit, fc.constantFrom('replace', 'drop', 'add'))
    .map(([body, at, value, does]) => {
      if (typeof body !== 'object' || body === null || Array.isArray(body)) return value;
      const names = Object.keys(body);
      const name = names[at % Math.max(1, names.length)] ?? 'field';
      const entries = Object.entries(body);
      if (does === 'drop') return Object.fromEntries(entries.filter(([one]) => one !== name));
      if (does === 'add') return { ...body, [`un${name}`]: value };
      return { ...body, [name]: value };
    });
  return fc.oneof({ arbitrary: damaged, weight: 4 }, { arbitrary: misfit, weight: 1 });
}
