import type { References } from './references.js';

/** What is compared: a client sends a request, so it may only become wider, and reads a response, so it may not. */
export type Side = 'request' | 'response';

/** One thing that stops working for a client that relies on the older description. */
export interface Change {
  /** `Asset.source`, `query.limit`, …; `[]` are the items of a list, `*` the values of a record. */
  readonly at: string;
  readonly what: string;
}

export interface Comparison {
  readonly side: Side;
  readonly before: References;
  readonly after: References;
  /** Pairs of references being compared, so that a schema which holds itself comes to an end. */
  readonly within: ReadonlySet<string>;
}

export const change = (at: string, what: string): Change => ({ at, what });

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Values as they stand in the description. */
export const shown = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(', ');
