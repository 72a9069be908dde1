import type { Scope } from '@facelane/contracts';

/** Who asks, as far as the API cares. */
export interface Caller {
  readonly tenant: string;
  /** Id of the key; `operator` for the key of the environment. */
  readonly keyId: string;
  readonly scopes: readonly Scope[];
  /** Holds the key of the environment: may act for every tenant. */
  readonly isOperator: boolean;
  /** When the key ends; absent: never. */
  readonly expiresAt?: string;
  /** Requests per minute; absent: the deployment's default. */
  readonly ratePerMinute?: number;
}

export const mayDo = ({ scopes }: Caller, needed: readonly Scope[]): boolean =>
  scopes.includes('admin') || needed.some((scope) => scopes.includes(scope));
