import { ApiKeysRegistry } from '@facelane/registry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDocuments, type TestDocuments } from '../../../registry/src/testing/document-stores.js';
import { ProblemError } from '../problem/problem.error.js';
import { Authenticator } from './authenticator.js';

const ADMIN_KEY = 'an-operator-key-of-this-test-only';
const EXPIRES = '2026-06-01T00:00:00.000Z';

let opened: TestDocuments;
let apiKeys: ApiKeysRegistry;
beforeAll(async () => {
  opened = await openDocuments('fs');
  apiKeys = new ApiKeysRegistry(opened.documents);
});
afterAll(() => opened.close());

const authenticatorAt = (now?: () => number): Authenticator => new Authenticator(apiKeys, ADMIN_KEY, now);
const make = (more: { expiresAt?: string; ratePerMinute?: number } = {}): ReturnType<ApiKeysRegistry['create']> =>
  apiKeys.create({ tenant: 'acme', name: 'kiosk', scopes: ['search'], ...more });

const bearer = (token: string, tenant?: string): { authorization: string; tenant: string | undefined } => ({
  authorization: `Bearer ${token}`,
  tenant,
});

/** What is told to whoever is refused: everything but the request id. */
async function refusal(
  authenticator: Authenticator,
  authorization: string | undefined,
  tenant?: string,
): Promise<Pick<ProblemError, 'code' | 'status' | 'message' | 'headers'>> {
  const error: unknown = await authenticator.authenticate({ authorization, tenant }).then(
    (caller) => Promise.reject(new Error(`${caller.keyId} was let in`)),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ProblemError)) throw error;
  const { code, status, message, headers } = error;
  return { code, status, message, headers };
}

describe('a key', () => {
  it('makes its caller, with the tenant, rights and rate that it was made with', async () => {
    const { key, token } = await make({ ratePerMinute: 60 });
    expect(await authenticatorAt().authenticate(bearer(token))).toEqual({
      tenant: 'acme',
      keyId: key.id,
      scopes: ['search'],
      isOperator: false,
      ratePerMinute: 60,
    });
  });

  it.each(['bearer', 'BEARER', 'Bearer   '])('is read after %j too', async (scheme) => {
    const { token } = await make();
    await authenticatorAt().authenticate({ authorization: `${scheme} ${token}  `, tenant: undefined });
  });

  it('is refused from the moment it expires', async () => {
    const { token } = await make({ expiresAt: EXPIRES });
    let now = Date.parse(EXPIRES) - 1;
    const authenticator = authenticatorAt(() => now);
    expect(await authenticator.authenticate(bearer(token))).toMatchObject({ tenant: 'acme' });
    now += 1;
    expect(await refusal(authenticator, `Bearer ${token}`)).toMatchObject({ code: 'API.KEY_EXPIRED', status: 401 });
  });

  it('that is revoked elsewhere works until it is asked for again, and here no longer', async () => {
    const { key, token } = await make();
    const authenticator = authenticatorAt();
    await authenticator.authenticate(bearer(token));
    await apiKeys.revoke('acme', key.id);
    // One question to the store serves for a while.
    await authenticator.authenticate(bearer(token));
    authenticator.forget('other', key.id);
    await authenticator.authenticate(bearer(token));
    authenticator.forget('acme', key.id);
    expect(await refusal(authenticator, `Bearer ${token}`)).toMatchObject({ code: 'API.KEY_REVOKED', status: 401 });
  });

  it('may name no tenant, not even its own', async () => {
    const { token } = await make();
    expect(await refusal(authenticatorAt(), `Bearer ${token}`, 'acme')).toMatchObject({ code: 'API.KEY_INVALID' });
  });
});

describe('a refusal', () => {
  it('says that no key was sent, and how to send one', async () => {
    expect(await refusal(authenticatorAt(), undefined)).toMatchObject({
      code: 'API.KEY_MISSING',
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="facelane"' },
    });
  });

  it.each(['', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a b', 'Bearer k\u00e9y', `Bearer ${'x'.repeat(513)}`])(
    'is given to the header %j',
    async (authorization) => {
      expect(await refusal(authenticatorAt(), authorization)).toMatchObject({
        code: 'API.KEY_INVALID',
        headers: { 'www-authenticate': 'Bearer realm="facelane"' },
      });
    },
  );

  it('is the same for every key that does not open, so that nobody learns which exist', async () => {
    const { key, token } = await make();
    const revoked = await make();
    await apiKeys.revoke('acme', revoked.key.id);
    const expired = await make({ expiresAt: '2020-01-01T00:00:00.000Z' });
    const other = token.slice(-43);
    const withSecret = (text: string, secret: string): string => text.slice(0, -43) + secret;
    const wrong = [
      'garbage',
      withSecret(token, 'a'.repeat(43)),
      token.replace(key.id, '0'.repeat(16)),
      token.replace('acme', 'nobody'),
      withSecret(revoked.token, other),
      withSecret(expired.token, other),
      ADMIN_KEY.slice(0, -1),
      `${ADMIN_KEY}x`,
    ];
    const refusals = await Promise.all(wrong.map((text) => refusal(authenticatorAt(), `Bearer ${text}`)));
    expect(new Set(refusals.map((told) => JSON.stringify(told))).size).toBe(1);
    expect(refusals[0]).toMatchObject({ code: 'API.KEY_INVALID', status: 401 });
  });

  it('of a store that is away is no refusal of the key, and is not remembered', async () => {
    const { token } = await make();
    let fail = true;
    const flaky: ConstructorParameters<typeof Authenticator>[0] = {
      parseToken: (text) => apiKeys.parseToken(text),
      matches: (key, secret) => apiKeys.matches(key, secret),
      find: async (tenant, id) => (fail ? Promise.reject(new Error('away')) : apiKeys.find(tenant, id)),
    };
    const authenticator = new Authenticator(flaky, undefined);
    await expect(authenticator.authenticate(bearer(token))).rejects.toThrow('away');
    fail = false;
    expect(await authenticator.authenticate(bearer(token))).toMatchObject({ tenant: 'acme' });
  });
});

describe('the operator', () => {
  it('may everything, for the tenant that the request names or the default one', async () => {
    const operator = { keyId: 'operator', scopes: ['admin'], isOperator: true };
    expect(await authenticatorAt().authenticate(bearer(ADMIN_KEY))).toEqual({ ...operator, tenant: 'default' });
    expect(await authenticatorAt().authenticate(bearer(ADMIN_KEY, 'acme'))).toEqual({ ...operator, tenant: 'acme' });
  });

  it.each(['', 'Acme', '../acme', 'a_b', 'a/b', 'x'.repeat(64)])('cannot name the tenant %j', async (tenant) => {
    expect(await refusal(authenticatorAt(), `Bearer ${ADMIN_KEY}`, tenant)).toMatchObject({
      code: 'API.REQUEST_INVALID',
      status: 400,
    });
  });

  it('is nobody where no key of the environment is set', async () => {
    const authenticator = new Authenticator(apiKeys, undefined);
    expect(await refusal(authenticator, `Bearer ${ADMIN_KEY}`)).toMatchObject({ code: 'API.KEY_INVALID' });
    expect(await refusal(authenticator, 'Bearer undefined')).toMatchObject({ code: 'API.KEY_INVALID' });
  });
});
