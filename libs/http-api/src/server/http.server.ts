import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import type { ApiConfig, Config } from '@facelane/config';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { jsonExcess, MAX_JSON_BYTES } from '../body/json.excess.js';
import { ProblemError } from '../problem/problem.error.js';
import { toProblem } from '../problem/to-problem.js';
import { answerClientError } from './client.errors.js';
import { requestIdOf } from './request.hooks.js';

/** How often Node looks for connections that are over their time; its own default of 30 s suits long limits only. */
const CHECKS_PER_TIMEOUT = 4;
const LONGEST_CHECK_MS = 30_000;

/** The HTTP server below Nest: limits of size and time, before any code of ours runs. */
export function fastifyAdapter({ maxBodyBytes, requestTimeoutMs }: ApiConfig): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: maxBodyBytes,
    // Cuts a caller that sends a byte now and then (slow loris), headers and body alike.
    requestTimeout: requestTimeoutMs,
    http: {
      headersTimeout: Math.min(60_000, requestTimeoutMs),
      connectionsCheckingInterval: Math.min(LONGEST_CHECK_MS, Math.ceil(requestTimeoutMs / CHECKS_PER_TIMEOUT)),
    },
    genReqId: requestIdOf,
    routerOptions: { maxParamLength: 256 },
    // A path that cannot be decoded and the like: no route, no hook, no filter sees those.
    frameworkErrors: (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      const { document, headers } = toProblem(error, request.id);
      void reply
        .status(document.status)
        .headers({ 'x-request-id': request.id, 'cache-control': 'no-store', ...headers })
        .type('application/problem+json')
        .send(document);
    },
    clientErrorHandler: answerClientError,
    forceCloseConnections: true,
  });
  useJsonParser(adapter, maxBodyBytes);
  return adapter;
}

/** Some clients name a type with every request; one without a body is then no broken JSON. */
function useJsonParser(adapter: FastifyAdapter, maxBodyBytes: number): void {
  const parse = adapter.getInstance().getDefaultJsonParser('error', 'error');
  const bodyLimit = Math.min(maxBodyBytes, MAX_JSON_BYTES);
  adapter.useBodyParser('application/json', false, { bodyLimit }, (request, body, done) => {
    const excess = jsonExcess(body);
    if (excess !== undefined) done(new ProblemError('API.REQUEST_INVALID', `The JSON has ${excess}.`));
    else if (body.byteLength === 0) done(null, undefined);
    else void parse(request, body.toString('utf8'), done);
  });
}

/** Plugins of the server; to be called before it listens. */
export async function addPlugins(
  app: NestFastifyApplication,
  { api, imaging }: Pick<Config, 'api' | 'imaging'>,
): Promise<void> {
  // Not told to upgrade: on a private network the page and its scripts come over plain http.
  const directives = { defaultSrc: ["'none'"], connectSrc: ["'self'"], upgradeInsecureRequests: null };
  await app.register(helmet, { global: true, contentSecurityPolicy: { directives } });
  await app.register(multipart, { throwFileSizeLimit: true });
  const { corsOrigins } = api;
  if (corsOrigins.length > 0) app.enableCors({ origin: [...corsOrigins], exposedHeaders: EXPOSED_HEADERS });
  // Uploads to an address of ours; everywhere else such a body fits no schema.
  takeBytes(app, /^image\//, Math.min(imaging.maxBytes, api.maxBodyBytes));
  takeBytes(app, MANIFEST, api.maxBodyBytes);
}

/** Lists of photos for a bulk job. */
const MANIFEST = /^(?:application\/(?:x-ndjson|gzip)|text\/csv)\b/;

function takeBytes(app: NestFastifyApplication, types: RegExp, bodyLimit: number): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addContentTypeParser(
      types,
      { parseAs: 'buffer', bodyLimit },
      (_request: FastifyRequest, body: Buffer, done: (error: null, body: Buffer) => void) => done(null, body),
    );
}

const EXPOSED_HEADERS = ['x-request-id', 'ratelimit', 'ratelimit-policy', 'retry-after', 'idempotent-replayed'];
