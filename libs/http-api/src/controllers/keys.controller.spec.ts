import { RuntimeOptions } from '@facelane/boot';
import { loadConfig } from '@facelane/config';
import { ApiKeysRegistry } from '@facelane/registry';
import { createLogger } from '@facelane/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDocuments, type TestDocuments } from '../../../registry/src/testing/document-stores.js';
import { Authenticator } from '../access/authenticator.js';
import type { Caller } from '../access/caller.js';
import { newKeySchema } from '../schemas/key.schema.js';
import { KeysController } from './keys.controller.js';

const SCOPES = ['admin'] as const;
const ADMIN: Caller = { tenant: 'acme', keyId: 'k', scopes: SCOPES, isOperator: false };
const OPERATOR: Caller = { ...ADMIN, isOperator: true };

let opened: TestDocuments;
let controller: KeysController;
beforeAll(async () => {
  opened = await openDocuments('fs');
  const keys = new ApiKeysRegistry(opened.documents);
  const config = loadConfig({ API_RATE_PER_MINUTE: '100' });
  const options = new RuntimeOptions(config, createLogger({ level: 'silent', format: 'json' }));
  controller = new KeysController(keys, new Authenticator(keys, undefined), options);
});
afterAll(() => opened.close());

/** The rate of a key that the caller asks for, and of the one that was made. */
const made = async (caller: Caller, ratePerMinute?: number): Promise<number | undefined> => {
  const body = newKeySchema.parse({ name: 'k', scopes: SCOPES, ...(ratePerMinute !== undefined && { ratePerMinute }) });
  const rest = {
    requestId: 'r',
    signal: new AbortController().signal,
    idempotencyKey: undefined,
    lastEventId: undefined,
  };
  return (await controller.create({ caller, body, params: {}, query: {}, ...rest })).ratePerMinute;
};

describe('a new key', () => {
  it('may be as fast as the operator likes', async () => {
    expect(await made(OPERATOR, 1_000_000)).toBe(1_000_000);
    expect(await made(OPERATOR)).toBeUndefined();
  });

  it('is no faster than the key it was made with', async () => {
    expect(await made(ADMIN, 100)).toBe(100);
    expect(await made(ADMIN)).toBeUndefined();
    await expect(made(ADMIN, 101)).rejects.toMatchObject({ code: 'API.SCOPE_MISSING' });
    const slow = { ...ADMIN, ratePerMinute: 5 };
    expect(await made(slow, 3)).toBe(3);
    expect(await made(slow)).toBe(5);
    await expect(made(slow, 6)).rejects.toMatchObject({ code: 'API.SCOPE_MISSING' });
    expect(await made({ ...ADMIN, ratePerMinute: 500 }, 500)).toBe(500);
  });

  it('expires at a time, not at megabytes of zeros', () => {
    const wish = (fraction: string): unknown => ({
      name: 'k',
      scopes: SCOPES,
      expiresAt: `2030-01-01T00:00:00.${fraction}Z`,
    });
    expect(newKeySchema.safeParse(wish('123456789')).success).toBe(true);
    expect(newKeySchema.safeParse(wish('0'.repeat(1000))).success).toBe(false);
  });
});
