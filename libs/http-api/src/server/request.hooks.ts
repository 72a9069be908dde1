import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { LaneGate, RateLimits } from '@facelane/queue';
import type { Logger } from '@facelane/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from '../access/authenticator.js';
import { mayDo } from '../access/caller.js';
import { knownCaller, rememberCaller } from '../access/request.caller.js';
import { readAway } from '../body/read-away.js';
import { ProblemError } from '../problem/problem.error.js';
import { noteAnswer } from './client.errors.js';

/** What a caller may choose himself, to find his request in our log. */
const REQUEST_ID = /^[\w.:-]{1,64}$/;

export interface HookDependencies {
  readonly authenticator: Pick<Authenticator, 'authenticate'>;
  readonly limits: Pick<RateLimits, 'consume'>;
  /** Throws while a server behind the API is known to be away. */
  readonly requireServers: () => void;
  readonly log: Logger;
  readonly maxBodyBytes: number;
  readonly ratePerMinute: number;
  readonly gate: Pick<LaneGate, 'hold'>;
}

export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** What happens to every request before its body is read, and after it was answered. */
export function addRequestHooks(server: FastifyInstance, dependencies: HookDependencies): void {
  const held = new WeakMap<FastifyRequest, () => void>();
  server.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
    requireBodySize(request, dependencies.maxBodyBytes);
    await admit(request, reply, dependencies);
    // Only for who was let in. One who hangs up is not answered: then the hold ends by itself.
    if (request.routeOptions.config.endpoint?.ahead) held.set(request, dependencies.gate.hold());
  });
  server.addHook('onResponse', async (request, reply) => {
    held.get(request)?.();
    noteAnswer(request);
    logAccess(request, reply, dependencies.log);
    return Promise.resolve();
  });
}

/** From the stated length, so that a body which is refused is not read first. */
function requireBodySize({ raw, headers }: FastifyRequest, maxBodyBytes: number): void {
  const length = Number(headers['content-length'] ?? 0);
  if (length <= maxBodyBytes) return;
  readAway(raw);
  throw new ProblemError('API.TOO_LARGE', `The body has ${length} bytes; the limit is ${maxBodyBytes}.`);
}

async function admit(request: FastifyRequest, reply: FastifyReply, dependencies: HookDependencies): Promise<void> {
  const { endpoint } = request.routeOptions.config;
  if (endpoint === undefined || endpoint.access === 'none') return;
  const { authorization } = request.headers;
  if (endpoint.orSigned === true && authorization === undefined) {
    dependencies.requireServers();
    await limitRate(reply, dependencies, `unknown/${request.ip}`, dependencies.ratePerMinute);
    return;
  }
  const tenant = request.headers['facelane-tenant'];
  const caller = await dependencies.authenticator.authenticate({
    authorization,
    tenant: typeof tenant === 'string' ? tenant : undefined,
  });
  rememberCaller(request, caller);
  if (endpoint.access !== 'any' && !mayDo(caller, endpoint.access)) {
    throw new ProblemError('API.SCOPE_MISSING', `This needs one of the scopes: ${endpoint.access.join(', ')}.`);
  }
  dependencies.requireServers();
  const limit = caller.ratePerMinute ?? dependencies.ratePerMinute;
  await limitRate(reply, dependencies, `${caller.tenant}/${caller.keyId}`, limit);
}

/** @throws ProblemError API.RATE_LIMITED */
async function limitRate(
  reply: FastifyReply,
  { limits }: Pick<HookDependencies, 'limits'>,
  who: string,
  limit: number,
): Promise<void> {
  const { allowed, remaining, resetSeconds } = await limits.consume(who, limit);
  // IETF draft "RateLimit header fields for HTTP", revision 8 and later.
  void reply.header('ratelimit-policy', `"key";q=${limit};w=60`);
  void reply.header('ratelimit', `"key";r=${remaining};t=${resetSeconds}`);
  if (allowed) return;
  throw new ProblemError('API.RATE_LIMITED', `This key may make ${limit} requests a minute.`, {
    headers: { 'retry-after': String(resetSeconds) },
  });
}

/** Route, not address: an address may hold names. No payload, no header. */
function logAccess(request: FastifyRequest, reply: FastifyReply, log: Logger): void {
  const caller = knownCaller(request);
  log.info(
    {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      ...(caller !== undefined && { tenant: caller.tenant, key: caller.keyId }),
    },
    'request',
  );
}
