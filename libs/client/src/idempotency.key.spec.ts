import { afterEach, describe, expect, it, vi } from 'vitest';
import { idempotencyKey } from './idempotency.key.js';

afterEach(() => vi.unstubAllGlobals());

describe('idempotencyKey', () => {
  it.each([
    ['with crypto.randomUUID', globalThis.crypto],
    ['where there is none', undefined],
  ])('is another one every time, and one that the API takes, %s', (_what, crypto) => {
    vi.stubGlobal('crypto', crypto);
    const keys = Array.from({ length: 1000 }, idempotencyKey);
    expect(new Set(keys).size).toBe(1000);
    for (const key of keys) expect(key).toMatch(/^[\x21-\x7e]{1,255}$/);
  });
});
