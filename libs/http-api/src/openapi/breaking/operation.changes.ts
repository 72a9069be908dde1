import type { ApiDescription, Content, Operation, Parameter, SecurityRequirement } from './api.description.js';
import { type Change, change, type Comparison, same, shown } from '../../breaking/comparison.js';
import { schemaChanges } from '../../breaking/schema.changes.js';

/** Two descriptions of the API, and one operation of both. */
export interface OperationPair {
  readonly before: ApiDescription;
  readonly after: ApiDescription;
  readonly old: Operation;
  readonly now: Operation;
}

/** What a client must send that it need not have sent, or that is no longer taken. */
export function requestChanges(pair: OperationPair): Change[] {
  return [...parameterChanges(pair), ...bodyChanges(pair)];
}

function parameterChanges(pair: OperationPair): Change[] {
  const [olds, nows] = [byPlace(pair.old), byPlace(pair.now)];
  const kept = [...olds].flatMap(([place, old]) => {
    const now = nows.get(place);
    if (now === undefined) return [change(place, 'is no longer taken')];
    return [
      ...(now.required === true && old.required !== true ? [change(place, 'must be sent now')] : []),
      ...schemaChanges(old.schema ?? {}, now.schema ?? {}, place, comparisonOf(pair, 'request')),
    ];
  });
  const added = [...nows].filter(([place, { required }]) => required === true && !olds.has(place));
  return [...kept, ...added.map(([place]) => change(place, 'must be sent now'))];
}

const byPlace = ({ parameters = [] }: Operation): ReadonlyMap<string, Parameter> =>
  new Map(
    parameters.map((parameter) => {
      // Headers have no case.
      const name = parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name;
      return [`${parameter.in}.${name}`, parameter];
    }),
  );

function bodyChanges(pair: OperationPair): Change[] {
  const old = pair.old.requestBody && pair.before.resolve(pair.old.requestBody);
  const now = pair.now.requestBody && pair.after.resolve(pair.now.requestBody);
  if (now === undefined) return old === undefined ? [] : [change('body', 'is no longer taken')];
  const demanded = now.required === true && old?.required !== true ? [change('body', 'must be sent now')] : [];
  return [...demanded, ...contentChanges(old?.content ?? {}, now.content, 'body', comparisonOf(pair, 'request'))];
}

/** What a client is answered. Other refusals than before are no breach: a client meets statuses it does not know. */
export function responseChanges(pair: OperationPair): Change[] {
  return Object.entries(pair.old.responses ?? {}).flatMap(([status, response]) => {
    const now = pair.now.responses?.[status];
    if (now === undefined) return status.startsWith('2') ? [change(status, 'is no longer answered')] : [];
    const [oldContent, content] = [pair.before.resolve(response).content, pair.after.resolve(now).content];
    return contentChanges(oldContent ?? {}, content ?? {}, status, comparisonOf(pair, 'response'));
  });
}

function contentChanges(olds: Content, nows: Content, at: string, comparison: Comparison): Change[] {
  return Object.entries(olds).flatMap(([type, { schema: old = {} }]) => {
    const now = nows[type];
    const what = comparison.side === 'request' ? 'is no longer taken' : 'is no longer answered';
    if (now === undefined) return [change(`${at} ${type}`, what)];
    return schemaChanges(old, now.schema ?? {}, `${at} ${type}`, comparison);
  });
}

const comparisonOf = ({ before, after }: OperationPair, side: Comparison['side']): Comparison => ({
  side,
  before,
  after,
  within: new Set(),
});

/** Who was let in and is not any more: another scheme, or scopes that a key need not have had. */
export function accessChanges({ before, after, old, now }: OperationPair): Change[] {
  const ways = after.securityOf(now);
  const known = (requirement: SecurityRequirement): boolean =>
    Object.keys(requirement).every((name) => same(before.securityScheme(name), after.securityScheme(name)));
  const letsIn = (had: SecurityRequirement): boolean =>
    ways.length === 0 || ways.some((way) => known(way) && Object.keys(way).every((name) => name in had));
  const had = before.securityOf(old);
  const shutOut = (had.length === 0 ? [{}] : had).filter((requirement) => !letsIn(requirement));
  return [
    ...shutOut.map((requirement) => change('security', `${callerWith(requirement)} is no longer let in`)),
    ...scopeChanges(old['x-scopes'], now['x-scopes']),
  ];
}

function callerWith(requirement: SecurityRequirement): string {
  const names = Object.keys(requirement);
  return names.length === 0 ? 'a caller without a key' : `a caller with ${names.join(' and ')}`;
}

/** Any one of the scopes is enough, and none are needed where none are named. */
function scopeChanges(old: readonly string[] | undefined, now: readonly string[] | undefined): Change[] {
  if (now === undefined) return [];
  if (old === undefined) return [change('scopes', `one of ${shown(now)} is needed now`)];
  const gone = old.filter((scope) => !now.includes(scope));
  return gone.map((scope) => change('scopes', `${shown([scope])} is no longer enough`));
}
