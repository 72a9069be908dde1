import type { ErasedCounts } from '@facelane/contracts';

/** What another room keeps that may name people of a collection. */
export interface ErasurePlace {
  /** As what it counts in the receipt. Default: results. */
  readonly counted?: keyof ErasedCounts;

  /** Takes the people out of everything there. Resolves to how many objects named one: 0 once nobody is left. */
  erase(scope: { readonly tenant: string; readonly collection: string }, people: ReadonlySet<string>): Promise<number>;
}
