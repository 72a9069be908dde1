import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenApiValidator, type MatchedOperation, type OpenApiDocument } from './openapi.validator.js';
import { QdrantFault, QdrantMemoryStore } from './qdrant-memory.store.js';

/** How the next request is answered, in place of the store. */
export type CannedAnswer =
  { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: unknown } | 'hang';

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/**
 * A small Qdrant for tests: every request and response is checked against Qdrant's OpenAPI description, and what the
 * description allows is carried out in memory. A malformed request is refused and noted in `problems`.
 */
export class QdrantOpenApiServer {
  readonly problems: string[] = [];
  /** What was asked, in order, such as `PUT /collections/{collection_name}/points`. */
  readonly requests: string[] = [];
  /** The api-key header of the last request. */
  lastApiKey: string | undefined;
  readonly #validator: OpenApiValidator;
  readonly #store = new QdrantMemoryStore();
  readonly #canned: CannedAnswer[] = [];
  readonly #server: Server;

  private constructor(description: OpenApiDocument) {
    this.#validator = new OpenApiValidator(description);
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
  }

  static async start(description: OpenApiDocument): Promise<QdrantOpenApiServer> {
    const server = new QdrantOpenApiServer(description);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next request gets this answer; one call per request. */
  answerNext(answer: CannedAnswer): void {
    this.#canned.push(answer);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await textOf(request);
    const canned = this.#canned.shift();
    if (canned === 'hang') return;
    this.lastApiKey = request.headers['api-key']?.toString();
    const { status, headers, body } = canned === undefined ? this.#answer(request, text) : { body: {}, ...canned };
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  }

  #answer(request: IncomingMessage, text: string): Answer {
    const url = new URL(request.url ?? '/', this.url);
    const matched = this.#validator.match(request.method ?? '', url.pathname);
    this.requests.push(matched?.name ?? `${request.method ?? ''} ${url.pathname}`);
    if (matched === undefined)
      return this.#refuse([`${request.method ?? ''} ${url.pathname} is not in the description`]);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    const problems = this.#validator.checkRequest(matched, url.searchParams, body);
    if (problems.length > 0) return this.#refuse(problems);
    const answer = this.#carryOut(matched, url.searchParams, body);
    this.problems.push(...this.#validator.checkResponse(matched, answer.status, answer.body));
    return answer;
  }

  #refuse(problems: readonly string[]): Answer {
    this.problems.push(...problems);
    return { status: 400, body: { status: { error: `Malformed request: ${problems.join('; ')}` }, time: 0 } };
  }

  #carryOut(matched: MatchedOperation, query: URLSearchParams, body: unknown): Answer {
    try {
      return { status: 200, body: { result: this.#result(matched, query, body), status: 'ok', time: 0.001 } };
    } catch (error) {
      if (!(error instanceof QdrantFault)) throw error;
      return { status: error.status, body: { status: { error: error.message }, time: 0.001 } };
    }
  }

  #result({ name, captured }: MatchedOperation, query: URLSearchParams, body: unknown): unknown {
    const [collection = ''] = captured;
    const wait = query.get('wait') === 'true';
    // The description vouches for the shapes.
    const given = body as never;
    switch (name.replace('/collections/{collection_name}', '')) {
      case 'GET ':
        return this.#store.describe(collection);
      case 'PUT ':
        return this.#store.create(collection, given);
      case 'PUT /index':
        return this.#store.index(collection, given);
      case 'PUT /points':
        return this.#store.upsert(collection, given, wait);
      case 'POST /points':
        return this.#store.retrieve(collection, given);
      case 'POST /points/delete':
        return this.#store.delete(collection, given, wait);
      case 'POST /points/count':
        return this.#store.count(collection, given);
      case 'POST /points/scroll':
        return this.#store.scroll(collection, given);
      case 'POST /points/query/batch':
        return this.#store.queryBatch(collection, given);
      default:
        throw new QdrantFault(501, `${name} is not played here.`);
    }
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
