import { keys } from '@facelane/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allPages, collect, openDocuments, type TestDocuments } from '../testing/document-stores.js';
import { ApiKeysRegistry } from './api-keys.registry.js';
import { parseToken } from './api-token.js';

let opened: TestDocuments;
let apiKeys: ApiKeysRegistry;
beforeAll(async () => {
  opened = await openDocuments('fs');
  apiKeys = new ApiKeysRegistry(opened.documents);
});
afterAll(() => opened.close());

const wanted = { tenant: 'acme-2', name: 'kiosk', scopes: ['search', 'assets:write'] } as const;

describe('API keys', () => {
  it('are shown once and kept nowhere', async () => {
    const { key, token } = await apiKeys.create({ ...wanted, ratePerMinute: 60 });
    expect(token).toMatch(/^fl_acme-2_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    expect(key).toMatchObject({ tenant: 'acme-2', name: 'kiosk', scopes: wanted.scopes, ratePerMinute: 60 });
    const { secret } = apiKeys.parseToken(token)!;
    const stored = new TextDecoder().decode((await opened.store.get(keys.apiKey('acme-2', key.id))).body);
    expect(stored).not.toContain(secret);
    expect(await apiKeys.find('acme-2', key.id)).toEqual(key);
    expect((await apiKeys.create(wanted)).token).not.toBe(token);
  });

  it('open with their own token and no other', async () => {
    const { key, token } = await apiKeys.create(wanted);
    const other = await apiKeys.create(wanted);
    expect(await apiKeys.verify(token)).toEqual(key);
    const { secret, id } = apiKeys.parseToken(token)!;
    const swapped = other.token.slice(-43);
    expect(await apiKeys.verify(token.replace(secret, swapped))).toBeUndefined();
    expect(await apiKeys.verify(token.replace('acme-2', 'acme'))).toBeUndefined();
    expect(await apiKeys.verify(token.replace(id, '0'.repeat(16)))).toBeUndefined();
    expect(await apiKeys.verify('')).toBeUndefined();
    // The last character has two spare bits: another text of the same 32 bytes is not the secret.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const twin = secret.slice(0, -1) + alphabet[alphabet.indexOf(secret.at(-1)!) ^ 1]!;
    expect(Buffer.from(twin, 'base64url')).toEqual(Buffer.from(secret, 'base64url'));
    expect(apiKeys.matches(key, twin)).toBe(false);
  });

  it('open no longer once revoked or expired', async () => {
    const revoked = await apiKeys.create(wanted);
    const first = await apiKeys.revoke('acme-2', revoked.key.id);
    expect(first?.revokedAt).toBeDefined();
    expect(await apiKeys.revoke('acme-2', revoked.key.id)).toEqual(first);
    expect(await apiKeys.verify(revoked.token)).toBeUndefined();
    expect(await apiKeys.revoke('acme-2', 'f'.repeat(16))).toBeUndefined();

    const { token } = await apiKeys.create({ ...wanted, expiresAt: '2026-06-01T00:00:00.000Z' });
    expect(await apiKeys.verify(token, new Date('2026-05-31T23:59:59.999Z'))).toBeDefined();
    expect(await apiKeys.verify(token, new Date('2026-06-01T00:00:00.000Z'))).toBeUndefined();
  });

  it('are listed per tenant', async () => {
    const made = await Promise.all([1, 2, 3].map(() => apiKeys.create({ ...wanted, tenant: 'list' })));
    const ids = made.map(({ key }) => key.id).sort();
    const { items } = await allPages((after) => apiKeys.page('list', { limit: 2, ...(after && { after }) }));
    expect(items.map(({ id }) => id)).toEqual(ids);
    expect((await collect(apiKeys.list('list'))).map(({ id }) => id)).toEqual(ids);
  });
});

describe('tokens', () => {
  const secret = 'a'.repeat(43);

  it('read one way, also when the secret has underscores and dashes', () => {
    const odd = '_-'.repeat(21) + '_';
    expect(parseToken(`fl_a-b_0123456789abcdef_${odd}`)).toEqual({
      tenant: 'a-b',
      id: '0123456789abcdef',
      secret: odd,
    });
  });

  it.each([
    `fl_acme_0123456789abcdef_${secret}a`,
    `fl_acme_0123456789abcdef_${secret.slice(1)}`,
    `fl_acme_0123456789ABCDEF_${secret}`,
    `fl_-acme_0123456789abcdef_${secret}`,
    `fl_../x_0123456789abcdef_${secret}`,
    `fl_acme_0123456789abcdef_${secret}\n`,
    ` fl_acme_0123456789abcdef_${secret}`,
    `xx_acme_0123456789abcdef_${secret}`,
  ])('%j is none', (text) => {
    expect(parseToken(text)).toBeUndefined();
  });
});
