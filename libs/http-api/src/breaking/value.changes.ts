import type { JsonSchema } from './json.schema.js';
import { type Change, change, same, shown, type Side } from './comparison.js';

const LOWER_BOUNDS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'] as const;
const UPPER_BOUNDS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'] as const;
const RESTRICTIONS = ['format', 'pattern', 'multipleOf', 'uniqueItems'] as const;

/** Keywords read by this file. */
export const VALUE_KEYWORDS: readonly string[] = [
  ...['type', 'enum', 'const', 'default'],
  ...LOWER_BOUNDS,
  ...UPPER_BOUNDS,
  ...RESTRICTIONS,
];

/** A type that does not hold what the other one holds; every other finding would only repeat it. */
export function typeChanges(before: JsonSchema, after: JsonSchema, at: string, side: Side): Change[] {
  const [wide, narrow] = side === 'request' ? [after, before] : [before, after];
  if (wide.type === undefined || wide.type === narrow.type) return [];
  if (wide.type === 'number' && narrow.type === 'integer') return [];
  const named = (schema: JsonSchema): string => String(schema.type ?? 'anything');
  return [change(at, `is ${named(after)} instead of ${named(before)}`)];
}

/**
 * Values of a list of values. In a response a list is closed, so that a client may have a branch for each value and no
 * other: a new value is a breaking change, unless the schema said beforehand, with `x-open-enum: true`, that more come.
 */
export function enumChanges(before: JsonSchema, after: JsonSchema, at: string, side: Side): Change[] {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  if (side === 'request') {
    if (now === undefined) return [];
    if (old === undefined) return [change(at, `takes only ${shown(now)} now`)];
    return missing(old, now).map((value) => change(at, `no longer takes ${shown([value])}`));
  }
  if (old === undefined || before['x-open-enum'] === true) return [];
  if (now === undefined) return [change(at, `may be anything now, not only ${shown(old)}`)];
  return missing(now, old).map((value) => change(at, `may be ${shown([value])} now`));
}

function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  return 'const' in schema ? [schema['const']] : schema.enum;
}

const missing = (values: readonly unknown[], from: readonly unknown[]): unknown[] =>
  values.filter((value) => !from.some((other) => same(value, other)));

/** Bounds, formats and defaults. What a response is bounded by is a help to no client, but its format is read. */
export function restrictionChanges(before: JsonSchema, after: JsonSchema, at: string, side: Side): Change[] {
  if (side === 'response') {
    const { format } = before;
    return format === undefined || format === after['format'] ? [] : [difference('format', before, after, at)];
  }
  const tightened = (keyword: string, sign: 1 | -1): boolean => {
    const [old, now] = [before[keyword] as number | undefined, after[keyword] as number | undefined];
    return now !== undefined && (old === undefined || (now - old) * sign > 0);
  };
  const stricter = [
    ...LOWER_BOUNDS.filter((keyword) => tightened(keyword, 1)),
    ...UPPER_BOUNDS.filter((keyword) => tightened(keyword, -1)),
    // Whether one pattern holds another cannot be told: a new one is looked at by a person.
    ...RESTRICTIONS.filter((keyword) => isSet(after[keyword]) && !same(before[keyword], after[keyword])),
    // Whoever leaves the field out gets something else than before.
    ...(isSet(before['default']) && isSet(after['default']) && !same(before['default'], after['default'])
      ? ['default']
      : []),
  ];
  return stricter.map((keyword) => difference(keyword, before, after, at));
}

const isSet = (value: unknown): boolean => value !== undefined && value !== false;

function difference(keyword: string, before: JsonSchema, after: JsonSchema, at: string): Change {
  const named = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));
  return change(at, `${keyword} is ${named(after[keyword])} instead of ${named(before[keyword])}`);
}
