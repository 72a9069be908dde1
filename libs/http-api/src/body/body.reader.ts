import type { FastifyRequest } from 'fastify';
import { knownCaller } from '../access/request.caller.js';
import type { BodyDeclaration } from '../endpoint/define-endpoint.js';
import { ProblemError } from '../problem/problem.error.js';
import { ByteBudget } from './byte-budget.js';
import { readForm } from './form.reader.js';
import { jsonExcess } from './json.excess.js';

export interface BodyLimits {
  /** Largest body, bytes. */
  readonly maxBodyBytes: number;
  /** Bytes of bodies in memory at once. */
  readonly maxBodyBytesInFlight: number;
}

/** The body of a request as its endpoint declares it, not yet checked. */
export class BodyReader {
  /** What bodies of every kind take their bytes from. */
  readonly budget: ByteBudget;

  constructor(private readonly limits: BodyLimits) {
    this.budget = new ByteBudget(limits.maxBodyBytesInFlight);
  }

  /** Hands the body to `work`; while that runs, the bytes count as held. */
  async with<T>(
    request: FastifyRequest,
    body: BodyDeclaration | undefined,
    signal: AbortSignal,
    work: (body: unknown) => Promise<T>,
  ): Promise<T> {
    if (body === undefined) return work(undefined);
    requireType(request, body.kind);
    if (body.kind === 'message' && typeof request.body === 'string') return work(fromJson(request.body));
    if (!request.isMultipart()) return work(request.body);
    const length = Number(request.headers['content-length'] ?? this.limits.maxBodyBytes);
    const read = async (): Promise<T> => work(await readForm(request, body, this.limits.maxBodyBytes));
    return this.budget.with(length, signal, read, knownCaller(request)?.tenant);
  }
}

/** Types of body by their declaration; a body without any type is left to the schema, which asks for one. */
const TYPES: Readonly<Record<BodyDeclaration['kind'], RegExp>> = {
  json: /^application\/json\b/i,
  form: /^(?:application\/json|multipart\/form-data)\b/i,
  bytes: /^(?:image\/|application\/(?:x-ndjson|gzip)\b|text\/csv\b)/i,
  message: /^(?:application\/json|text\/plain)\b/i,
};
const NAMES: Readonly<Record<BodyDeclaration['kind'], string>> = {
  json: 'application/json',
  form: 'application/json or multipart/form-data',
  bytes: 'an image, or a manifest',
  message: 'application/json',
};

/** Bodies that come as text are messages of other services, and small. */
const MAX_TEXT = 1024 * 1024;

/** @throws ProblemError API.REQUEST_UNPARSABLE, API.REQUEST_INVALID, API.TOO_LARGE */
function fromJson(text: string): unknown {
  if (text.length > MAX_TEXT) throw new ProblemError('API.TOO_LARGE', `A message has at most ${MAX_TEXT} characters.`);
  const excess = jsonExcess(Buffer.from(text));
  if (excess !== undefined) throw new ProblemError('API.REQUEST_INVALID', `The JSON has ${excess}.`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError('API.REQUEST_UNPARSABLE', 'The body is not JSON.', { cause: error });
  }
}

/** The server parses more types than an endpoint takes. @throws ProblemError API.TYPE_UNSUPPORTED */
function requireType({ headers }: FastifyRequest, kind: BodyDeclaration['kind']): void {
  const type = headers['content-type'];
  if (type === undefined || TYPES[kind].test(type)) return;
  throw new ProblemError('API.TYPE_UNSUPPORTED', `This endpoint takes ${NAMES[kind]}.`);
}
