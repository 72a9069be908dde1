import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { knownCaller } from '../access/request.caller.js';
import type { ByteBudget } from '../body/byte-budget.js';
import { MAX_JSON_BYTES } from '../body/json.excess.js';
import { readAway } from '../body/read-away.js';
import { parseParts } from '../endpoint/parse-parts.js';
import { putUpload } from '../endpoints/upload.endpoints.js';
import { ProblemError } from '../problem/problem.error.js';
import type { SignedUpload } from '../services/upload.desk.js';

/** Bodies up to this many bytes never wait: a question about a URL does not stand in line behind uploads. */
const SMALL = 64 * 1024;
/** Largest body of somebody without a key, bytes. A message of Amazon SNS has at most 256 KiB, and its quotes escaped. */
const MAX_UNKNOWN = 1024 * 1024;
/** Owner of what is held for those without a key; no tenant has this name. */
const UNKNOWN = '';

export interface EarlyDependencies {
  /** What bodies in memory take their bytes from. */
  readonly budget: ByteBudget;
  readonly maxBodyBytes: number;
  /** @throws ProblemError API.UPLOAD_REFUSED */
  readonly checkUpload: (upload: SignedUpload) => void;
}

/**
 * What needs no body is decided before there is one: a caller whom nobody knows can have none read, let alone parsed.
 * And what is read is held within the memory that bodies may take; forms see to that themselves.
 */
export function addEarlyChecks(server: FastifyInstance, dependencies: EarlyDependencies): void {
  server.addHook('onRequest', async (request, reply) => {
    if (request.is404) throw new ProblemError('API.ROUTE_MISSING', 'No endpoint has this method and path.');
    requireJsonSize(request);
    const { endpoint } = request.routeOptions.config;
    if (endpoint === undefined) return;
    // Answers tell of people: no browser and nothing on the way keeps them.
    void reply.header('cache-control', 'no-store');
    const isUnknown = endpoint.orSigned === true && knownCaller(request) === undefined;
    if (isUnknown) requireShort(request, dependencies.maxBodyBytes);
    if (endpoint.id === putUpload.id) dependencies.checkUpload(uploadOf(request));
    return Promise.resolve();
  });
  server.addHook('preParsing', async (request, reply, payload) => {
    const isForm = /^multipart\//i.test(request.headers['content-type'] ?? '');
    const bytes = bytesOf(request, dependencies.maxBodyBytes);
    if (bytes > SMALL && !isForm) await hold(dependencies.budget, bytes, ownerOf(request), reply);
    return payload;
  });
}

/** The parser would refuse it too, and reset the connection of who is still sending before he reads why. */
function requireJsonSize({ raw, headers }: FastifyRequest): void {
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) return;
  const length = Number(headers['content-length'] ?? 0);
  if (length <= MAX_JSON_BYTES) return;
  readAway(raw);
  throw new ProblemError(
    'API.TOO_LARGE',
    `The JSON has ${length} bytes; the limit is ${MAX_JSON_BYTES}, of a form more.`,
  );
}

/** Whether the body is signed is known when it is read; until then its sender is anybody. */
function requireShort(request: FastifyRequest, most: number): void {
  if (bytesOf(request, most) <= MAX_UNKNOWN) return;
  readAway(request.raw);
  throw new ProblemError('API.TOO_LARGE', `Without a key a body has at most ${MAX_UNKNOWN} bytes, and says how many.`);
}

function uploadOf({ params, query }: FastifyRequest): SignedUpload {
  const parts = parseParts(putUpload, { params, query, body: undefined }, ['params', 'query']);
  const { tenant, upload } = putUpload.params.parse(parts.params);
  return { ...putUpload.query.parse(parts.query), tenant, uploadId: upload };
}

/** The tenant of the key, or of the address that was checked. */
function ownerOf(request: FastifyRequest): string {
  const { tenant } = (request.params ?? {}) as { readonly tenant?: string };
  return knownCaller(request)?.tenant ?? tenant ?? UNKNOWN;
}

/** As many as it says, or as there may be when it does not say. */
function bytesOf({ headers }: FastifyRequest, most: number): number {
  return Number(headers['content-length'] ?? (headers['transfer-encoding'] === undefined ? 0 : most));
}

/** Takes the bytes, when they are there, until the request is answered or its caller gone. */
async function hold(budget: ByteBudget, bytes: number, owner: string, { raw }: FastifyReply): Promise<void> {
  const over = Promise.withResolvers<undefined>();
  const gone = new AbortController();
  raw.once('close', () => {
    gone.abort(Object.assign(new Error('The caller hung up.'), { statusCode: 499 }));
    over.resolve(undefined);
  });
  await new Promise<void>((resolve, reject) => {
    const work = (): Promise<undefined> => {
      resolve();
      return over.promise;
    };
    budget.with(bytes, gone.signal, work, owner).catch(reject);
  });
}
