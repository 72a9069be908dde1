import { setTimeout as delay } from 'node:timers/promises';
import { fastify, type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Caller } from '../access/caller.js';
import { ProblemError } from '../problem/problem.error.js';
import { streamOf } from './answer.stream.js';
import { OpenAnswers } from './open.answers.js';

const caller = (keyId: string): Caller => ({ tenant: 'acme', keyId, scopes: [], isOperator: false });
const schema = z.object({ n: z.int() });

let server: FastifyInstance;
let open: OpenAnswers;
let address: string;
let begun: PromiseWithResolvers<undefined>;
beforeEach(async () => {
  server = fastify({ forceCloseConnections: true });
  open = new OpenAnswers(2, 100);
  begun = Promise.withResolvers();
  server.setErrorHandler((error, _request, reply) => {
    const { code, status } = error as ProblemError;
    return reply.status(status).send(code);
  });
  server.get('/:key', (request, reply) => {
    const { key } = request.params as { key: string };
    const signal = open.beginStream(caller(key), reply);
    async function* endless(): AsyncGenerator {
      yield { n: 1 };
      await delay(600_000, undefined, { signal });
    }
    return reply.send(streamOf('events', schema, endless(), signal));
  });
  server.get('/:key/forever', (_request, reply) => {
    open.begin(reply);
    begun.resolve(undefined);
    // Whatever the signal says.
    return new Promise(() => undefined);
  });
  address = await server.listen({ port: 0 });
});
afterEach(() => server.close());

interface Reading {
  readonly answer: Response;
  readonly leave: () => void;
}

async function read(key: string): Promise<Reading> {
  const leaving = new AbortController();
  const answer = await fetch(`${address}/${key}`, { signal: leaving.signal });
  return { answer, leave: () => leaving.abort() };
}

describe('answers that stay open', () => {
  it('are so many of a key, which has its place again when one has ended', async () => {
    const first = await read('a');
    expect([first.answer.status, (await read('a')).answer.status]).toEqual([200, 200]);
    const refused = await read('a');
    expect([refused.answer.status, await refused.answer.text()]).toEqual([429, 'API.STREAMS_FULL']);
    expect((await read('b')).answer.status).toBe(200);
    first.leave();
    await vi.waitFor(async () => expect((await read('a')).answer.status).toBe(200));
  });

  it('end whole when the server stops, and no new one begins', async () => {
    const { answer } = await read('a');
    const ended = answer.text();
    await open.onModuleDestroy();
    expect(await ended).toBe('data: {"n":1}\n\n');
    const late = await read('b');
    expect([late.answer.status, await late.answer.text()]).toEqual([503, 'API.UNAVAILABLE']);
  });

  it('are waited for no longer than a while', async () => {
    const asked = fetch(`${address}/deaf/forever`).catch(() => 'cut');
    await begun.promise;
    await open.onModuleDestroy();
    await server.close();
    expect(await asked).toBe('cut');
  });
});
