import type { JsonSchema } from './json.schema.js';
import { type Change, change, type Comparison, same } from './comparison.js';
import { enumChanges, restrictionChanges, typeChanges, VALUE_KEYWORDS } from './value.changes.js';

const READ = new Set([
  ...['$ref', 'anyOf', 'oneOf', 'allOf', ...VALUE_KEYWORDS],
  ...['properties', 'required', 'additionalProperties', 'propertyNames', 'items', 'prefixItems'],
  // Notes for people.
  ...['title', 'description', 'example', 'examples', 'deprecated', 'readOnly', 'writeOnly', '$comment'],
]);

/** Every way in which `after` breaks a client that relies on `before`. */
export function schemaChanges(before: JsonSchema, after: JsonSchema, at: string, comparison: Comparison): Change[] {
  const pair = before.$ref !== undefined && after.$ref !== undefined ? `${before.$ref} ${after.$ref}` : undefined;
  if (pair !== undefined && comparison.within.has(pair)) return [];
  const inner = pair === undefined ? comparison : { ...comparison, within: new Set([...comparison.within, pair]) };
  const place = componentOf(before) ?? at;
  const [old, now] = [inner.before.resolve(before), inner.after.resolve(after)];
  const [olds, nows] = [alternativesOf(old), alternativesOf(now)];
  if (olds.length > 1 || nows.length > 1) return unionChanges(olds, nows, place, inner);
  return [...plainChanges(olds[0] ?? {}, nows[0] ?? {}, place, inner), ...partChanges(old, now, place, inner)];
}

const componentOf = ({ $ref }: JsonSchema): string | undefined => $ref?.split('/').at(-1);

/** `anyOf`, `oneOf` and lists of types alike. */
function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  const { type } = schema;
  if (Array.isArray(type)) {
    return type.map((one: string) => (one === 'null' ? { type: 'null' } : { ...schema, type: one }));
  }
  return schema.anyOf ?? schema.oneOf ?? [schema];
}

/** A request must take every alternative of before, and a response must hold none but those. */
function unionChanges(
  olds: readonly JsonSchema[],
  nows: readonly JsonSchema[],
  at: string,
  comparison: Comparison,
): Change[] {
  const isRequest = comparison.side === 'request';
  const [needed, offered] = isRequest ? [olds, nows] : [nows, olds];
  const between = (need: JsonSchema, offer: JsonSchema): Change[] =>
    isRequest ? schemaChanges(need, offer, at, comparison) : schemaChanges(offer, need, at, comparison);
  const fits = (need: JsonSchema, offer: JsonSchema): boolean => between(need, offer).length === 0;
  const uncovered = needed.filter((need) => !offered.some((offer) => fits(need, offer)));
  const spare = offered.filter((offer) => !needed.some((need) => fits(need, offer)));
  const [need, offer] = [uncovered[0], spare[0]];
  // One alternative was changed: its own changes say more than that it is another one.
  if (uncovered.length === 1 && spare.length === 1 && need !== undefined && offer !== undefined) {
    return between(need, offer);
  }
  return uncovered.map((schema) => change(at, `${isRequest ? 'no longer takes' : 'may be'} ${nameOf(schema)}`));
}

/** `allOf`: every part holds, in the order in which they stand. */
function partChanges(before: JsonSchema, after: JsonSchema, at: string, comparison: Comparison): Change[] {
  const [olds, nows] = [before.allOf ?? [], after.allOf ?? []];
  if (olds.length !== nows.length) return [change(at, `has ${nows.length} parts instead of ${olds.length}`)];
  return nows.flatMap((now, index) => schemaChanges(olds[index] ?? {}, now, at, comparison));
}

const nameOf = (schema: JsonSchema): string =>
  componentOf(schema) ??
  (schema.properties === undefined
    ? String(schema.type ?? 'anything')
    : `an object with ${Object.keys(schema.properties).join(', ')}`);

function plainChanges(before: JsonSchema, after: JsonSchema, at: string, comparison: Comparison): Change[] {
  const { side } = comparison;
  const ofType = typeChanges(before, after, at, side);
  if (ofType.length > 0) return ofType;
  return [
    ...enumChanges(before, after, at, side),
    ...restrictionChanges(before, after, at, side),
    ...fieldChanges(before, after, at, comparison),
    ...recordChanges(before, after, at, comparison),
    ...listChanges(before, after, at, comparison),
    ...unreadChanges(before, after, at),
  ];
}

function fieldChanges(before: JsonSchema, after: JsonSchema, at: string, comparison: Comparison): Change[] {
  const isRequest = comparison.side === 'request';
  const [required, stillRequired] = [new Set(before.required), new Set(after.required)];
  const changes = Object.entries(before.properties ?? {}).flatMap(([name, schema]) => {
    const now = after.properties?.[name];
    const place = `${at}.${name}`;
    if (now === undefined) return [change(place, isRequest ? 'is no longer taken' : 'was removed')];
    const optional = !isRequest && required.has(name) && !stillRequired.has(name);
    return [
      ...(optional ? [change(place, 'may be absent now')] : []),
      ...schemaChanges(schema, now, place, comparison),
    ];
  });
  const demanded = isRequest ? [...stillRequired].filter((name) => !required.has(name)) : [];
  return [...changes, ...demanded.map((name) => change(`${at}.${name}`, 'must be sent now'))];
}

/** Fields of any name: `additionalProperties` and `propertyNames`. */
function recordChanges(before: JsonSchema, after: JsonSchema, at: string, comparison: Comparison): Change[] {
  const { additionalProperties: old } = before;
  const now = after.additionalProperties;
  const place = `${at}.*`;
  if (comparison.side === 'response') {
    // More fields than before break nobody; values of a record that were promised must stay what they were.
    if (typeof old !== 'object') return [];
    if (now === false) return [change(place, 'was removed')];
    return schemaChanges(old, typeof now === 'object' ? now : {}, place, comparison);
  }
  const names = after.propertyNames;
  const changes =
    names === undefined ? [] : schemaChanges(before.propertyNames ?? {}, names, `${at} (name)`, comparison);
  if (old === false || now === undefined || now === true) return changes;
  if (now === false) return [...changes, change(place, 'is no longer taken')];
  return [...changes, ...schemaChanges(typeof old === 'object' ? old : {}, now, place, comparison)];
}

function listChanges(before: JsonSchema, after: JsonSchema, at: string, comparison: Comparison): Change[] {
  const [old, now] = [before.prefixItems ?? [], after.prefixItems ?? []];
  if (comparison.side === 'response' && old.length !== now.length) {
    return [change(at, `has ${now.length} fixed places instead of ${old.length}`)];
  }
  const fixed = now.flatMap((schema, index) =>
    schemaChanges(old[index] ?? itemsOf(before) ?? {}, schema, `${at}[${index}]`, comparison),
  );
  const [oldItems, items] = [itemsOf(before), itemsOf(after)];
  if (oldItems === undefined || (before.items === undefined && after.items === undefined)) return fixed;
  if (items === undefined) return [...fixed, change(`${at}[]`, 'was removed')];
  return [...fixed, ...schemaChanges(oldItems, items, `${at}[]`, comparison)];
}

/** Schema of the items beyond the fixed places; undefined: there are none. */
const itemsOf = ({ items }: JsonSchema): JsonSchema | undefined =>
  items === false ? undefined : typeof items === 'object' ? items : {};

/** A keyword that nothing here understands is not passed over in silence. */
function unreadChanges(before: JsonSchema, after: JsonSchema, at: string): Change[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((keyword) => !READ.has(keyword) && !keyword.startsWith('x-') && !same(before[keyword], after[keyword]))
    .map((keyword) => change(at, `${keyword} changed, which this check does not understand: look at it`));
}
