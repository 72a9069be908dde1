import { randomUUID } from 'node:crypto';
import { connectProducer, OnceStore } from '@facelane/queue';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../access/caller.js';
import { IdempotentAnswers } from './idempotent.answers.js';
import type { RequestParts } from './parse-parts.js';

type Redis = Awaited<ReturnType<typeof connectProducer>>;

let server: TestRedis;
let redis: Redis;
let answers: IdempotentAnswers;
beforeAll(async () => {
  server = await startRedis();
  redis = await connectProducer(server, () => undefined);
  answers = new IdempotentAnswers(new OnceStore(redis, 'test'));
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const caller = (tenant: string): Caller => ({ tenant, keyId: 'k', scopes: [], isOperator: false });
const ACME = caller('acme');
const parts = (body: unknown): RequestParts => ({ params: {}, query: {}, body });

/** Counts how often the work was done; each time it has another answer. */
function work(): { readonly times: () => number; readonly run: () => Promise<unknown> } {
  let times = 0;
  return {
    times: () => times,
    run: () => {
      times += 1;
      return Promise.resolve({ answer: times });
    },
  };
}

describe('a request with an Idempotency-Key', () => {
  it('is done once, and answered from the first time', async () => {
    const key = randomUUID();
    const { run, times } = work();
    const ask = (): Promise<unknown> => answers.once(ACME, 'createAsset', key, parts({ a: 1 }), run);
    expect(await ask()).toEqual({ body: { answer: 1 }, replayed: false });
    expect(await ask()).toEqual({ body: { answer: 1 }, replayed: true });
    expect(times()).toBe(1);
  });

  it('is the same request with the same photo, however its bytes are held', async () => {
    const key = randomUUID();
    const { run, times } = work();
    const photo = (bytes: Uint8Array): RequestParts => parts({ source: { kind: 'bytes', bytes }, tags: ['a'] });
    await answers.once(ACME, 'createAsset', key, photo(Buffer.from('photo')), run);
    const again = await answers.once(ACME, 'createAsset', key, photo(new TextEncoder().encode('photo')), run);
    expect([again.replayed, times()]).toEqual([true, 1]);
  });

  it.each([
    ['another field', parts({ source: Buffer.from('photo'), tags: ['b'] })],
    ['another photo', parts({ source: Buffer.from('photO'), tags: ['a'] })],
    ['another query', { ...parts({ source: Buffer.from('photo'), tags: ['a'] }), query: { x: '1' } }],
    ['another address', { ...parts({ source: Buffer.from('photo'), tags: ['a'] }), params: { x: '1' } }],
  ])('is refused for %s', async (_what, other) => {
    const key = randomUUID();
    const { run, times } = work();
    await answers.once(ACME, 'createAsset', key, parts({ source: Buffer.from('photo'), tags: ['a'] }), run);
    await expect(answers.once(ACME, 'createAsset', key, other, run)).rejects.toMatchObject({
      ...{ code: 'API.IDEMPOTENCY_CONFLICT', status: 422 },
    });
    expect(times()).toBe(1);
  });

  it('is another one for another tenant and another endpoint', async () => {
    const key = randomUUID();
    const { run, times } = work();
    await answers.once(ACME, 'createAsset', key, parts({}), run);
    await answers.once(caller('other'), 'createAsset', key, parts({}), run);
    await answers.once(ACME, 'createPerson', key, parts({}), run);
    expect(times()).toBe(3);
  });

  it('is told to wait while the first one runs', async () => {
    const key = randomUUID();
    const gate = Promise.withResolvers<unknown>();
    const started = Promise.withResolvers<undefined>();
    const first = answers.once(ACME, 'createAsset', key, parts({}), () => {
      started.resolve(undefined);
      return gate.promise;
    });
    await started.promise;
    const { run, times } = work();
    await expect(answers.once(ACME, 'createAsset', key, parts({}), run)).rejects.toMatchObject({
      ...{ code: 'API.IDEMPOTENCY_RUNNING', status: 409, headers: { 'retry-after': '1' } },
    });
    gate.resolve({ done: true });
    expect(await first).toEqual({ body: { done: true }, replayed: false });
    expect(await answers.once(ACME, 'createAsset', key, parts({}), run)).toEqual({
      ...{ body: { done: true }, replayed: true },
    });
    expect(times()).toBe(0);
  });

  it('may be sent again, corrected, when it was refused', async () => {
    const key = randomUUID();
    const refused = answers.once(ACME, 'createAsset', key, parts({ a: 'wrong' }), () =>
      Promise.reject(new Error('refused')),
    );
    await expect(refused).rejects.toThrow('refused');
    const { run } = work();
    expect(await answers.once(ACME, 'createAsset', key, parts({ a: 'right' }), run)).toEqual({
      ...{ body: { answer: 1 }, replayed: false },
    });
  });

  it('may have no body to answer with', async () => {
    const key = randomUUID();
    const ask = (): Promise<unknown> =>
      answers.once(ACME, 'putUpload', key, parts(undefined), () => Promise.resolve(undefined));
    expect(await ask()).toEqual({ body: undefined, replayed: false });
    expect(await ask()).toEqual({ body: undefined, replayed: true });
  });

  it.each(['', ' ', 'a b', 'x'.repeat(256), 'k\u00e9y', 'a\n'])('is refused with the key %j', async (key) => {
    const { run, times } = work();
    await expect(answers.once(ACME, 'createAsset', key, parts({}), run)).rejects.toMatchObject({
      ...{ code: 'API.REQUEST_INVALID', errors: [{ path: 'header.idempotency-key' }] },
    });
    expect(times()).toBe(0);
  });
});

it('leaves nothing of the request or the answer to be read in Redis', async () => {
  const key = `key-of-ada-${randomUUID()}`;
  const body = { name: 'Ada Lovelace' };
  await answers.once(ACME, 'createAsset', key, parts(body), () => Promise.resolve(body));
  const names = await redis.keys('*');
  const entries = await Promise.all(names.map((name) => redis.hgetall(name)));
  expect(names.length).toBeGreaterThan(0);
  const kept = JSON.stringify([names, entries]);
  expect(kept).not.toMatch(/lovelace/i);
  expect(kept).not.toContain('key-of-ada');
});
