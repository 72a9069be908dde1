import type { z } from 'zod';

/** How the text of a variable becomes a value, and what to tell somebody whose text does not. */
export interface Kind<T> {
  readonly schema: z.ZodType<T, string>;
  /** Completes "allowed: …". */
  readonly allowed: string;
}

/** One environment variable: everything the parser, the error text and the README's table need. */
export interface Variable<T = unknown> {
  readonly kind: Kind<T>;
  /** One sentence for the table. */
  readonly meaning: string;
  readonly example: string;
  /** The default as it would be typed. */
  readonly fallback?: string;
  /** What the table says where the default depends on something else. */
  readonly defaultNote?: string;
  /** The value is never repeated in a message. */
  readonly secret?: boolean;
}

/** A variable that always has a value. */
export function variable<T>(definition: Variable<T> & { readonly fallback: string }): Variable<T> {
  return definition;
}

/** A variable that may be absent; its value is then undefined. */
export function optional<T>(definition: Omit<Variable<T>, 'fallback'>): Variable<T | undefined> {
  return definition;
}

export type Variables = Readonly<Record<string, Variable>>;

export type Values<V extends Variables> = {
  readonly [K in keyof V]: V[K] extends Variable<infer T> ? T : never;
};
