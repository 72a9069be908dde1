import { connect } from 'node:net';
import { loadConfig } from '@facelane/config';
import type { FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProblemDocument } from '../problem/to-problem.js';
import { noteAnswer } from './client.errors.js';
import { fastifyAdapter } from './http.server.js';

let server: FastifyInstance;
afterEach(() => server.close());

/** The server as Nest gets it, with a route that tells the body. */
async function listen(env: Record<string, string> = {}): Promise<string> {
  server = fastifyAdapter(loadConfig(env).api).getInstance<FastifyInstance>();
  server.all('/:name', (request, reply) => {
    void reply.type('application/json').send(JSON.stringify({ body: request.body ?? null }));
  });
  server.addHook('onRequest', async (request, reply) => {
    if (request.url === '/early') await reply.send({ early: true });
  });
  server.addHook('onResponse', (request, _reply, done) => {
    noteAnswer(request);
    done();
  });
  return server.listen({ port: 0, host: '127.0.0.1' });
}

/** Everything that is answered until the server closes the connection. */
async function exchange(address: string, text: string): Promise<string> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString()));
  // A server that closes while something is on its way resets the connection.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(text);
  await closed;
  return answer;
}

function parsed(answer: string): { status: string; type: string | undefined; problem: ProblemDocument } {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const type = /content-type: ([^;\r]+)/i.exec(head)?.[1];
  return { status: head.split(' ')[1] ?? '', type, problem: JSON.parse(body) as ProblemDocument };
}

describe('a request that Node gives up on', () => {
  it.each([
    ['its head', 'GET /a HTTP/1.1\r\nhost: x\r\n'],
    ['its body', 'POST /a HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{"a"'],
    [
      'a chunk',
      'POST /a HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n9\r\n{',
    ],
  ])('because %s takes too long is told so and cut', async (_what, text) => {
    const address = await listen({ API_REQUEST_TIMEOUT_MS: '200' });
    const { status, type, problem } = parsed(await exchange(address, text));
    expect([status, type, problem.code]).toEqual(['408', 'application/problem+json', 'API.REQUEST_TIMEOUT']);
  });

  it.each([
    ['is no HTTP', 'HELO mail\r\n\r\n'],
    ['has headers without an end', `GET /a HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(100_000)}\r\n\r\n`],
    [
      'says two lengths',
      'POST /a HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    [
      'has broken chunks',
      'POST /a HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n',
    ],
  ])('because it %s is told so and cut', async (_what, text) => {
    const { status, type, problem } = parsed(await exchange(await listen(), text));
    expect([status, type, problem.code]).toEqual(['400', 'application/problem+json', 'API.REQUEST_UNPARSABLE']);
    expect(problem.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });
});

it('that was answered before it had come is cut without a second answer', async () => {
  const address = await listen({ API_REQUEST_TIMEOUT_MS: '200' });
  const answer = await exchange(address, 'POST /early HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{"a"');
  expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
});

describe('an address', () => {
  it.each(['/%ff', '/%', `/${'a'.repeat(300)}`, '/%00%ff'])('that cannot be read is a problem: %s', async (path) => {
    const answer = await fetch(`${await listen()}${path}`, { headers: { 'x-request-id': 'r-1' } });
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(answer.headers.get('x-request-id')).toBe('r-1');
    expect(await answer.json()).toMatchObject({ code: 'API.REQUEST_UNPARSABLE', status: 400, requestId: 'r-1' });
  });
});

describe('JSON', () => {
  const send = async (method: string, body?: string): Promise<{ status: number; body: unknown }> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${await listen()}/a`, { method, headers, ...(body !== undefined && { body }) });
    return { status: answer.status, body: await answer.json() };
  };

  it('is parsed', async () => {
    expect(await send('POST', '{"a":[1]}')).toEqual({ status: 200, body: { body: { a: [1] } } });
  });

  it.each(['POST', 'DELETE'])('may be promised by a %s that has no body', async (method) => {
    expect(await send(method)).toEqual({ status: 200, body: { body: null } });
  });

  it.each(['{', '{"a":1}}', '\u0000', '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{}}}'])(
    'is refused when it is broken or poisoned: %j',
    async (body) => {
      expect((await send('POST', body)).status).toBe(400);
    },
  );

  it.each([
    ['levels', '['.repeat(1000) + ']'.repeat(1000)],
    ['members', JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 1])))],
  ])('is refused before it is parsed when it has too many %s', async (_what, body) => {
    const answer = await send('POST', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'API.REQUEST_INVALID' } });
  });

  it('has at most 12 MiB, whatever other bodies may have', async () => {
    const photo = (mib: number): string => JSON.stringify('A'.repeat(mib * 1024 * 1024));
    expect((await send('POST', photo(11))).status).toBe(200);
    await server.close();
    expect((await send('POST', photo(13))).status).toBe(413);
  });
});
