import { connect, type Socket } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ByteBudget } from '../body/byte-budget.js';
import type { EndpointDeclaration } from '../endpoint/define-endpoint.js';
import { notify } from '../endpoints/notification.endpoints.js';
import { detect } from '../endpoints/search.endpoints.js';
import { putUpload } from '../endpoints/upload.endpoints.js';
import { ProblemError } from '../problem/problem.error.js';
import { toProblem } from '../problem/to-problem.js';
import { addEarlyChecks } from './early.checks.js';

const KIB = 1024;
const UPLOAD = 'a5f4c9f0-6a3f-4f0b-9a59-0a6b7b9e6d11';
const SIGNED = `/v1/uploads/acme/${UPLOAD}?type=image%2Fjpeg&expires=9&signature=`;
const [GOOD, BAD] = ['a'.repeat(64), 'b'.repeat(64)];

let server: FastifyInstance;
let address: URL;
/** Bodies that were parsed. */
let parsed: number;
const sockets: Socket[] = [];

beforeEach(async () => {
  parsed = 0;
  server = Fastify({ bodyLimit: 1024 * KIB, forceCloseConnections: true });
  server.addContentTypeParser(['application/json', 'image/jpeg'], { parseAs: 'buffer' }, (_request, body, done) => {
    parsed += 1;
    done(null, body);
  });
  server.setErrorHandler((error, request, reply) => {
    const { document } = toProblem(error, request.id);
    return reply.status(document.status).send(document);
  });
  addEarlyChecks(server, {
    budget: new ByteBudget(150 * KIB),
    maxBodyBytes: 2048 * KIB,
    checkUpload: ({ tenant, uploadId, signature }) => {
      if ([tenant, uploadId, signature].join() === ['acme', UPLOAD, GOOD].join()) return;
      throw new ProblemError('API.UPLOAD_REFUSED', 'No.');
    },
  });
  const config = (endpoint: EndpointDeclaration): { endpoint: EndpointDeclaration } => ({ endpoint });
  server.put('/v1/uploads/:tenant/:upload', { config: config(putUpload) }, () => ({}));
  server.post('/v1/detect', { config: config(detect) }, () => ({}));
  server.post('/v1/notifications/:collection', { config: config(notify) }, (request) => ({
    got: request.body !== null,
  }));
  server.get('/page', () => ({}));
  address = new URL(await server.listen({ port: 0, host: '127.0.0.1' }));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

const send = async (
  method: string,
  path: string,
  type: string,
  bytes = 10,
): Promise<{ status: number; code?: string }> => {
  const answer = await server.inject({ method: method as 'PUT', url: path, headers: { 'content-type': type }, payload: 'x'.repeat(bytes) }); // prettier-ignore
  return { status: answer.statusCode, ...answer.json<{ code?: string }>() };
};

describe('before a body is read', () => {
  it.each([
    ['POST', '/nowhere', 404, 'API.ROUTE_MISSING'],
    ['DELETE', '/v1/detect', 404, 'API.ROUTE_MISSING'],
    ['PUT', `${SIGNED}${BAD}`, 403, 'API.UPLOAD_REFUSED'],
    ['PUT', `${SIGNED}${GOOD}`.replace('acme', 'other'), 403, 'API.UPLOAD_REFUSED'],
    ['PUT', `${SIGNED}zzz`, 400, 'API.REQUEST_INVALID'],
    ['PUT', '/v1/uploads/acme/1', 400, 'API.REQUEST_INVALID'],
  ])('%s %s is refused', async (method, path, status, code) => {
    expect(await send(method, path, 'application/json')).toMatchObject({ status, code });
    expect(parsed).toBe(0);
  });

  it('JSON of more than 12 MiB is refused, by what its head says', async () => {
    const one = await begin(12 * 1024 * KIB + 1);
    expect(await one.answer).toBe('413');
  });

  it('a body that may be signed is short, and says how long it is', async () => {
    const path = '/v1/notifications/friends';
    expect(await send('POST', path, 'application/json', 50 * KIB)).toMatchObject({ status: 200 });
    expect(await send('POST', path, 'application/json', 1024 * KIB + 1)).toMatchObject({ code: 'API.TOO_LARGE' });
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    expect((await server.inject({ method: 'POST', url: path, headers })).statusCode).toBe(413);
    expect(parsed).toBe(1);
  });

  it('an upload to an address that was given out passes', async () => {
    expect(await send('PUT', `${SIGNED}${GOOD}`, 'image/jpeg')).toEqual({ status: 200 });
    expect(parsed).toBe(1);
  });
});

describe('an answer of an endpoint', () => {
  it('is kept by nobody; a page that is no endpoint may be', async () => {
    const answer = await server.inject({ method: 'POST', url: '/v1/detect', payload: {} });
    expect(answer.headers['cache-control']).toBe('no-store');
    expect((await server.inject('/page')).headers['cache-control']).toBeUndefined();
  });
});

/** Begins a JSON body of so many bytes and sends none of them yet. */
async function begin(
  bytes: number,
): Promise<{ finish(): void; hangUp(): Promise<void>; readonly answer: Promise<string> }> {
  const socket = connect(Number(address.port), address.hostname);
  sockets.push(socket);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const answer = new Promise<string>((resolve) =>
    socket.once('data', (chunk) => resolve(chunk.toString().slice(9, 12))),
  );
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.write(
    `POST /v1/detect HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${bytes}\r\n\r\n`,
  );
  return {
    finish: () => void socket.write('x'.repeat(bytes)),
    hangUp: async () => {
      socket.destroy();
      await closed;
    },
    answer,
  };
}

describe('bodies that do not fit the memory together', () => {
  it('wait for each other, and small ones for none', async () => {
    const first = await begin(100 * KIB);
    const second = await begin(100 * KIB);
    second.finish();
    for (let i = 0; i < 5; i += 1)
      expect((await send('POST', '/v1/detect', 'application/json', 64 * KIB)).status).toBe(200);
    expect(parsed).toBe(5);
    first.finish();
    expect(await Promise.all([first.answer, second.answer])).toEqual(['200', '200']);
  });

  it('have the bytes of whoever hangs up, waiting or not', async () => {
    const first = await begin(100 * KIB);
    const gone = await begin(100 * KIB);
    const last = await begin(100 * KIB);
    last.finish();
    await gone.hangUp();
    await first.hangUp();
    expect(await last.answer).toBe('200');
  });
});
