import type { z } from 'zod';

/** One type of event, said once. Schemas, ids, documents and the types that consumers see derive from it. */
export interface EventDeclaration<
  Type extends string = string,
  Data extends z.ZodObject = z.ZodObject,
  Scope extends 'collection' | 'tenant' = 'collection' | 'tenant',
> {
  /** `<thing>.<what happened>`, lower case. Never renamed: consumers subscribe to it. */
  readonly type: Type;
  /** Raised when a consumer of the one before could not read the data; a field more is no such change. */
  readonly version: 1;
  /** One sentence for the documents. */
  readonly summary: string;
  /** `collection`: it happens in one, and the envelope names it. `tenant`: it need not. */
  readonly scope: Scope;
  /** Strict: what is sent is what is documented. Ids, decisions, scores and keys; never pixels, vectors or names of people. */
  readonly data: Data;
  /** Data as a consumer may get it; the documents show it. */
  readonly example: z.input<Data>;
}

/** Keeps the literal types. */
export function defineEvent<
  const Type extends string,
  Data extends z.ZodObject,
  const Scope extends 'collection' | 'tenant',
>(event: EventDeclaration<Type, Data, Scope>): EventDeclaration<Type, Data, Scope> {
  if (!/^[a-z]+\.[a-z]+$/.test(event.type)) {
    throw new TypeError(`Event type "${event.type}" is not two lower-case words with a dot between them.`);
  }
  return Object.freeze(event);
}
