import { connectProducer, LaneGate, RateLimits } from '@facelane/queue';
import { startRedis, type TestRedis } from '@facelane/testing';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Caller } from '../access/caller.js';
import { callerOf } from '../access/request.caller.js';
import { defineEndpoint, type EndpointDeclaration } from '../endpoint/define-endpoint.js';
import { ProblemError } from '../problem/problem.error.js';
import { type ProblemDocument, toProblem } from '../problem/to-problem.js';
import { LogLines } from '../testing/log.lines.js';
import { addRequestHooks, requestIdOf } from './request.hooks.js';

const MAX_BODY_BYTES = 1000;

let redisServer: TestRedis;
let redis: Awaited<ReturnType<typeof connectProducer>>;
let server: FastifyInstance;
let lines: LogLines;
let tenants = 0;
let caller: Caller;
let serversAreThere: boolean;
let gate: LaneGate;

const endpoint = (id: string, access: EndpointDeclaration['access']): EndpointDeclaration =>
  defineEndpoint({
    ...{ id, access, method: 'POST', path: `/${id}/{name}`, tag: 'Test', summary: id, problems: [] },
    success: { status: 200, description: 'Done.' },
  });

beforeAll(async () => {
  redisServer = await startRedis();
  redis = await connectProducer(redisServer, () => undefined);
});
afterAll(async () => {
  redis.disconnect();
  await redisServer.stop();
});

beforeEach(() => {
  lines = new LogLines();
  serversAreThere = true;
  gate = new LaneGate();
  // A tenant of its own for each test: nobody's requests count for another.
  caller = { tenant: `t${(tenants += 1)}`, keyId: 'k1', scopes: ['search'], isOperator: false };
  server = Fastify({ genReqId: requestIdOf, bodyLimit: 10 * MAX_BODY_BYTES });
  server.setErrorHandler((error, request, reply) => {
    const { document, headers } = toProblem(error, request.id);
    return reply.status(document.status).headers(headers).send(document);
  });
  addRequestHooks(server, {
    authenticator: {
      authenticate: ({ authorization, tenant }) =>
        authorization === 'Bearer good'
          ? Promise.resolve(tenant === undefined ? caller : { ...caller, tenant })
          : Promise.reject(new ProblemError('API.KEY_INVALID', 'No.')),
    },
    limits: new RateLimits(redis, 'test'),
    gate,
    requireServers: () => {
      if (!serversAreThere) throw new ProblemError('API.UNAVAILABLE', 'The queue does not answer.');
    },
    log: lines.log,
    ...{ maxBodyBytes: MAX_BODY_BYTES, ratePerMinute: 3 },
  });
  for (const { path, id, ...rest } of [
    endpoint('open', 'none'),
    endpoint('any', 'any'),
    endpoint('search', ['search', 'people:write']),
    endpoint('write', ['assets:write']),
    { ...endpoint('ahead', ['search']), ahead: true },
  ]) {
    const config = { endpoint: { ...rest, id, path } };
    server.post(path.replace('{name}', ':name'), { config }, (request) => ({ caller: callerOf(request) }));
  }
  server.get('/page', () => ({ page: true }));
});

const send = async (
  path: string,
  headers: Record<string, string> = { authorization: 'Bearer good' },
): Promise<{ status: number; headers: Record<string, unknown>; body: ProblemDocument & { caller?: Caller } }> => {
  const answer = await server.inject({ method: 'POST', url: path, headers });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
};

describe('the request id', () => {
  it.each(['a', 'r-1:2_3.4', 'x'.repeat(64)])('is the one that the caller chose: %s', async (id) => {
    const { headers } = await send('/open/x', { 'x-request-id': id });
    expect(headers['x-request-id']).toBe(id);
  });

  it.each(['', 'x'.repeat(65), 'a b', 'a"b', '<script>'])('is not %j', async (id) => {
    const { headers } = await send('/open/x', { 'x-request-id': id });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  });

  it('is told with a refusal too, and stands in the log', async () => {
    const { headers, body } = await send('/any/x', { 'x-request-id': 'r-7', authorization: 'Bearer bad' });
    expect([headers['x-request-id'], body.requestId]).toEqual(['r-7', 'r-7']);
    await vi.waitFor(() => expect(lines.records).toMatchObject([{ requestId: 'r-7', status: 401 }]));
  });
});

describe('who may pass', () => {
  it('is everybody where no key is asked for, and nobody in particular', async () => {
    const { status, body, headers } = await send('/open/x', { authorization: 'Bearer bad' });
    expect([status, body.caller?.keyId]).toEqual([200, '']);
    expect(headers['ratelimit']).toBeUndefined();
    expect((await server.inject('/page')).statusCode).toBe(200);
  });

  it('is any key, or one with a scope that is asked for', async () => {
    expect((await send('/any/x')).body.caller).toEqual(caller);
    expect((await send('/search/x')).status).toBe(200);
    const { status, body } = await send('/write/x');
    expect([status, body.code, body.detail]).toEqual([
      ...[403, 'API.SCOPE_MISSING', 'This needs one of the scopes: assets:write.'],
    ]);
  });

  it('is an administrator', async () => {
    caller = { ...caller, scopes: ['admin'] };
    expect((await send('/write/x')).status).toBe(200);
  });

  it('may act for the tenant that the header names, where the authenticator says so', async () => {
    const { body } = await send('/any/x', { authorization: 'Bearer good', 'facelane-tenant': caller.tenant });
    expect(body.caller?.tenant).toBe(caller.tenant);
  });

  it('is nobody while a server behind the API is away, and that is told at once', async () => {
    serversAreThere = false;
    const { status, body, headers } = await send('/any/x');
    expect([status, body.code, headers['retry-after']]).toEqual([503, 'API.UNAVAILABLE', '5']);
    // Who has no key hears nothing of our servers.
    expect((await send('/any/x', {})).status).toBe(401);
    expect((await send('/open/x')).status).toBe(200);
  });
});

describe('a body that is too large', () => {
  it('is refused by what its head says, before the key is looked at', async () => {
    const answer = await server.inject({
      ...{ method: 'POST', url: '/any/x' },
      headers: { 'content-type': 'application/json', 'content-length': String(MAX_BODY_BYTES + 1) },
    });
    expect(answer.statusCode).toBe(413);
    expect(answer.json()).toMatchObject({
      code: 'API.TOO_LARGE',
      detail: 'The body has 1001 bytes; the limit is 1000.',
    });
  });

  it('is not one of exactly the limit', async () => {
    const answer = await server.inject({
      ...{ method: 'POST', url: '/any/x', payload: JSON.stringify('x'.repeat(MAX_BODY_BYTES - 2)) },
      headers: { authorization: 'Bearer good', 'content-type': 'application/json' },
    });
    expect(answer.statusCode).toBe(200);
  });
});

describe('how often', () => {
  it('is told with each answer, and beyond the limit refused until the window ends', async () => {
    const answers = [];
    for (let i = 0; i < 4; i += 1) answers.push(await send('/any/x'));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers.map(({ headers }) => headers['ratelimit-policy'])).toEqual(Array(4).fill('"key";q=3;w=60'));
    expect(answers.map(({ headers }) => /r=(\d+)/.exec(String(headers['ratelimit']))?.[1])).toEqual([
      '2',
      '1',
      '0',
      '0',
    ]);
    const { headers, body } = answers[3]!;
    expect(body.code).toBe('API.RATE_LIMITED');
    const wait = Number(headers['retry-after']);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(headers['ratelimit']).toBe(`"key";r=0;t=${wait}`);
  });

  it('is the limit of the key where it has one, and each key of each tenant counts for itself', async () => {
    const first = caller;
    caller = { ...first, ratePerMinute: 1 };
    expect((await send('/any/x')).headers['ratelimit-policy']).toBe('"key";q=1;w=60');
    expect((await send('/any/x')).status).toBe(429);
    caller = { ...first, keyId: 'k2' };
    expect((await send('/any/x')).status).toBe(200);
    caller = { ...first, tenant: `${first.tenant}-other` };
    expect((await send('/any/x')).status).toBe(200);
  });

  it('is not counted for what is refused before', async () => {
    for (let i = 0; i < 5; i += 1) expect((await send('/write/x')).status).toBe(403);
    expect((await send('/any/x')).status).toBe(200);
  });
});

describe('the access log', () => {
  it('has the route and the caller, and nothing of what was asked', async () => {
    await send('/search/ada-lovelace?name=ada', { authorization: 'Bearer good', 'x-request-id': 'r-1' });
    await vi.waitFor(() => expect(lines.records).toHaveLength(1));
    expect(lines.records[0]).toEqual({
      ...{ level: 'info', time: expect.any(String) as string, msg: 'request', requestId: 'r-1' },
      ...{ method: 'POST', route: '/search/:name', status: 200, ms: expect.any(Number) as number },
      ...{ tenant: caller.tenant, key: 'k1' },
    });
    expect(JSON.stringify(lines.records)).not.toMatch(/ada|good/);
  });

  it('has no address that leads nowhere', async () => {
    await send('/people/ada-lovelace', {});
    await vi.waitFor(() => expect(lines.records).toMatchObject([{ route: 'none', status: 404 }]));
    // No letters of a number to base 16, which a request's id may have by chance.
    expect(JSON.stringify(lines.records)).not.toContain('lovelace');
  });
});

describe('bulk work of this process', () => {
  const mayBegin = (): boolean => gate.mayBegin(performance.now());

  it.each(['/search/x', '/open/x'])('is not held back by %s', async (path) => {
    const hold = vi.spyOn(gate, 'hold');
    expect((await send(path)).status).toBe(200);
    expect(hold).not.toHaveBeenCalled();
  });

  it('is held back by a request that goes ahead, until it was answered', async () => {
    const letGo = vi.fn();
    const hold = vi.spyOn(gate, 'hold').mockReturnValue(letGo);
    expect((await send('/ahead/x')).status).toBe(200);
    expect(hold).toHaveBeenCalledOnce();
    await vi.waitFor(() => expect(letGo).toHaveBeenCalledOnce());
  });

  it('is not held back by somebody without a key', async () => {
    expect((await send('/ahead/x', { authorization: 'Bearer bad' })).status).toBe(401);
    expect(mayBegin()).toBe(true);
  });
});
