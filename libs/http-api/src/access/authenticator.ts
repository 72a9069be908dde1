import { createHash, timingSafeEqual } from 'node:crypto';
import { type ApiKeyDocument, slugSchema } from '@facelane/contracts';
import { type ApiKeysRegistry, CachedLookup } from '@facelane/registry';
import { ProblemError } from '../problem/problem.error.js';
import type { Caller } from './caller.js';

/** The part of a request that says who asks. */
export interface Credentials {
  /** Value of the Authorization header. */
  readonly authorization: string | undefined;
  /** Value of the Facelane-Tenant header, which only the operator may use. */
  readonly tenant: string | undefined;
}

/** Whose data the operator's key works with when the request names no tenant. */
export const DEFAULT_TENANT = 'default';

/** Revoking reaches every process of the API after at most this long. */
const KEY_TTL_MS = 5_000;
const ALL_SCOPES = ['admin'] as const;
const CHALLENGE = { 'www-authenticate': 'Bearer realm="facelane"' };

/** From the headers of a request to the caller, or a 401 that says why not. */
export class Authenticator {
  private readonly cache = new CachedLookup<ApiKeyDocument | undefined>({ ttlMs: KEY_TTL_MS });

  constructor(
    private readonly apiKeys: Pick<ApiKeysRegistry, 'parseToken' | 'find' | 'matches'>,
    private readonly adminKey: string | undefined,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws ProblemError API.KEY_* (401). */
  async authenticate({ authorization, tenant }: Credentials): Promise<Caller> {
    const token = bearerToken(authorization);
    if (this.adminKey !== undefined && equal(token, this.adminKey)) return operator(tenant);
    if (tenant !== undefined) {
      throw refused('API.KEY_INVALID', 'Only the operator may name a tenant; other keys belong to one already.');
    }
    const parsed = this.apiKeys.parseToken(token);
    if (parsed === undefined) throw refused('API.KEY_INVALID', 'This is not a key of this deployment.');
    const { tenant: owner, id, secret } = parsed;
    const key = await this.cache.get(`${owner}/${id}`, () => this.apiKeys.find(owner, id));
    if (key === undefined || !this.apiKeys.matches(key, secret)) {
      throw refused('API.KEY_INVALID', 'This is not a key of this deployment.');
    }
    return this.callerOf(key);
  }

  /** Makes this process ask for the key again: it was revoked here. */
  forget(tenant: string, keyId: string): void {
    this.cache.forget(`${tenant}/${keyId}`);
  }

  private callerOf(key: ApiKeyDocument): Caller {
    if (key.revokedAt !== undefined) throw refused('API.KEY_REVOKED', `The key was revoked at ${key.revokedAt}.`);
    if (key.expiresAt !== undefined && Date.parse(key.expiresAt) <= this.now()) {
      throw refused('API.KEY_EXPIRED', `The key expired at ${key.expiresAt}.`);
    }
    const { tenant, id, scopes, ratePerMinute, expiresAt } = key;
    return {
      ...{ tenant, keyId: id, scopes, isOperator: false },
      ...(ratePerMinute !== undefined && { ratePerMinute }),
      ...(expiresAt !== undefined && { expiresAt }),
    };
  }
}

function operator(tenant: string | undefined): Caller {
  const named = slugSchema.safeParse(tenant ?? DEFAULT_TENANT);
  if (!named.success) {
    throw new ProblemError('API.REQUEST_INVALID', 'The header Facelane-Tenant is not the name of a tenant.', {
      errors: [{ path: 'header.facelane-tenant', message: 'use 1 to 63 lower-case letters, digits and dashes' }],
    });
  }
  return { tenant: named.data, keyId: 'operator', scopes: ALL_SCOPES, isOperator: true };
}

function bearerToken(authorization: string | undefined): string {
  const [, token] = /^Bearer +([\x21-\x7e]{1,512}) *$/i.exec(authorization ?? '') ?? [];
  if (token !== undefined) return token;
  throw authorization === undefined
    ? refused('API.KEY_MISSING', 'The request has no Authorization header.')
    : refused('API.KEY_INVALID', 'The Authorization header is not `Bearer <key>`.');
}

const refused = (code: 'API.KEY_MISSING' | 'API.KEY_INVALID' | 'API.KEY_EXPIRED' | 'API.KEY_REVOKED', detail: string) =>
  new ProblemError(code, detail, { headers: CHALLENGE });

/** In constant time, whatever the lengths. */
function equal(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
