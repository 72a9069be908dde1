import type { BreakingChange } from '../breaking/breaking.change.js';
import { ApiDescription, type Operation } from './breaking/api.description.js';
import type { Change } from '../breaking/comparison.js';
import { accessChanges, type OperationPair, requestChanges, responseChanges } from './breaking/operation.changes.js';

/**
 * Compares two OpenAPI 3.1 descriptions and returns what stops working for a client of the first one: operations,
 * success statuses and content types that are gone; requests that are refused although they were not (fields and
 * parameters removed, newly demanded or narrowed, other defaults); responses that a client cannot read (fields removed
 * or no longer certain, other types, values that it has no branch for); callers that are no longer let in. A name in a
 * path that changes counts as another path, since generated clients name their arguments after it.
 *
 * @throws TypeError when one of them is no OpenAPI 3.1 document, or a reference in it points nowhere.
 */
export function findBreakingChanges(released: unknown, current: unknown): readonly BreakingChange[] {
  const [before, after] = [new ApiDescription(released), new ApiDescription(current)];
  const found = new Map<string, { where: string; what: string; operations: Set<string> }>();
  const operations = after.operations();
  for (const [address, old] of before.operations()) {
    const now = operations.get(address);
    const id = old.operationId ?? address;
    const changes = now === undefined ? [{ at: address, what: 'was removed' }] : changesOf(before, after, old, now);
    for (const { at, what } of changes) {
      // What changed inside a shared schema is said once.
      const known = found.get(`${at} ${what}`);
      if (known === undefined) found.set(`${at} ${what}`, { where: at, what, operations: new Set([id]) });
      else known.operations.add(id);
    }
  }
  return [...found.values()].map((change) => ({ ...change, operations: [...change.operations] }));
}

function changesOf(before: ApiDescription, after: ApiDescription, old: Operation, now: Operation): Change[] {
  const pair: OperationPair = { before, after, old, now };
  const onSide = (side: string, changes: readonly Change[]): Change[] =>
    changes.map(({ at, what }) => ({ at: `${side} ${at}`, what }));
  return [
    // Generated clients name their methods after it.
    ...(old.operationId === now.operationId
      ? []
      : [{ at: 'operationId', what: `is ${now.operationId ?? 'absent'} instead of ${old.operationId ?? 'absent'}` }]),
    ...onSide('request', requestChanges(pair)),
    ...onSide('response', responseChanges(pair)),
    ...onSide('access', accessChanges(pair)),
  ];
}
