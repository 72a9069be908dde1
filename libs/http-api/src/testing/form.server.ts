import multipart from '@fastify/multipart';
import Fastify, { type FastifyInstance } from 'fastify';
import { BodyReader, type BodyLimits } from '../body/body.reader.js';
import type { BodyDeclaration } from '../endpoint/define-endpoint.js';
import type { ProblemDocument } from '../problem/to-problem.js';
import { toProblem } from '../problem/to-problem.js';

/** What a form or a JSON body came to; bytes as their length. */
export interface ReadAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly problem: ProblemDocument;
  readonly headers: Headers;
}

/** A bare server that answers a request with its body as the endpoint would get it, before it is checked. */
export class FormServer {
  private constructor(
    private readonly server: FastifyInstance,
    readonly address: string,
  ) {}

  static async open(body: BodyDeclaration | undefined, limits: BodyLimits): Promise<FormServer> {
    const server = Fastify({ bodyLimit: limits.maxBodyBytes, forceCloseConnections: true });
    await server.register(multipart, { throwFileSizeLimit: true });
    const reader = new BodyReader(limits);
    server.post('/', async (request, reply) => {
      const hangUp = new AbortController();
      reply.raw.once('close', () => hangUp.abort());
      const read = await reader.with(request, body, hangUp.signal, (found) => Promise.resolve(found));
      // As text: a value that is absent is no body for Fastify.
      return reply.type('application/json').send(JSON.stringify({ read: shown(read) }));
    });
    server.setErrorHandler((error, request, reply) => {
      const { document, headers } = toProblem(error, request.id);
      return reply.status(document.status).headers(headers).send(document);
    });
    return new FormServer(server, await server.listen({ port: 0, host: '127.0.0.1' }));
  }

  async send(body: FormData | string | Uint8Array, headers: Record<string, string> = {}): Promise<ReadAnswer> {
    const payload = body instanceof Uint8Array ? new Uint8Array(body) : body;
    const answer = await fetch(this.address, { method: 'POST', body: payload, headers });
    const json = (await answer.json()) as ProblemDocument & { read?: unknown };
    return { status: answer.status, body: json.read, problem: json, headers: answer.headers };
  }

  close(): Promise<undefined> {
    return this.server.close();
  }
}

function shown(value: unknown): unknown {
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shown(inner)]));
}
