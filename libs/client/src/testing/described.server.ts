import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import multipart from '@fastify/multipart';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { exampleOf, type Schemas } from './description.example.js';

type JsonSchema = Readonly<Record<string, unknown>>;
type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly explode?: boolean;
  readonly schema: JsonSchema;
}

interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Schemas };
}

/** A request as the server saw it. */
export interface SeenRequest {
  readonly operation: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly query: unknown;
  /** Of JSON, or of a form with its fields as they were sent. */
  readonly body: unknown;
  /** Bytes by name of the field. */
  readonly files: Readonly<Record<string, readonly Buffer[]>>;
}

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Breaks the connection instead. */
  readonly hangUp?: 'before' | 'within';
}

export const KEY = 'a-key';
const DESCRIPTION = fileURLToPath(new URL('../../../../docs/openapi.json', import.meta.url));

/**
 * A server that knows the API by its description alone: refuses requests that do not fit, and answers with examples
 * unless it was told what to answer.
 */
export class DescribedServer {
  readonly description = JSON.parse(readFileSync(DESCRIPTION, 'utf8')) as Description;
  seen: SeenRequest[] = [];
  private readonly answers = new Map<string, Answer[]>();
  /** JSON must be of the types that are described; what comes as text is read as them. */
  private readonly json = new Ajv2020({ strict: false, validateFormats: false });
  private readonly text = new Ajv2020({ strict: false, validateFormats: false, coerceTypes: 'array' });

  private constructor(private readonly server: FastifyInstance) {
    for (const ajv of [this.json, this.text]) ajv.addSchema(this.description, 'api');
    for (const [path, item] of Object.entries(this.description.paths)) {
      for (const [method, operation] of Object.entries(item)) this.serve(method, path, operation);
    }
  }

  static async start(): Promise<DescribedServer> {
    const server = fastify({ forceCloseConnections: true });
    await server.register(multipart);
    server.addContentTypeParser(/^image\//, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    const described = new DescribedServer(server);
    await server.listen({ host: '127.0.0.1', port: 0 });
    return described;
  }

  get url(): string {
    return this.server.listeningOrigin;
  }

  get operations(): string[] {
    return Object.values(this.description.paths)
      .flatMap((item) => Object.values(item))
      .map(({ operationId }) => operationId);
  }

  /** What the operation is answered next, in this order; then examples again. */
  answer(operation: string, ...answers: readonly Answer[]): void {
    this.answers.set(operation, [...(this.answers.get(operation) ?? []), ...answers]);
  }

  /** Forgets what it saw and what it was told to answer. */
  reset(): void {
    this.seen = [];
    this.answers.clear();
  }

  stop(): Promise<void> {
    return this.server.close();
  }

  private serve(method: string, path: string, operation: Operation): void {
    const parameters = (place: string): ValidateFunction => this.parametersOf(operation, place);
    const [checkQuery, checkParams, checkHeaders] = [parameters('query'), parameters('path'), parameters('header')];
    const bodies = Object.entries(operation.requestBody?.content ?? {}).map(
      ([type, { schema }]) => [type, compile(type === 'application/json' ? this.json : this.text, schema)] as const,
    );
    this.server.route({
      method: method.toUpperCase(),
      url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      handler: async (request, reply) => {
        const { body, files } = request.isMultipart() ? await readForm(request) : { body: request.body, files: {} };
        const { url, headers } = request;
        const query = withLists(operation, request.query);
        this.seen.push({
          operation: operation.operationId,
          url,
          headers,
          query: { ...query },
          body,
          files,
        });
        if (operation.security === undefined && headers.authorization !== `Bearer ${KEY}`) {
          return problem(reply, 401, 'API.KEY_INVALID', 'The key is not valid.');
        }
        const type = (headers['content-type'] ?? '').split(';')[0] ?? '';
        const checkBody = bodies.find(
          ([known]) => known === type || (known === 'image/*' && type.startsWith('image/')),
        );
        const faults = [
          ...faultsOf(checkQuery, query, 'query'),
          ...faultsOf(checkParams, request.params, 'params'),
          ...faultsOf(checkHeaders, { ...headers }, 'header'),
          ...(bodies.length === 0 || type.startsWith('image/') ? [] : faultsOf(checkBody?.[1], body, 'body')),
        ];
        if (faults.length > 0) return problem(reply, 400, 'API.REQUEST_INVALID', faults.join('; '));
        return this.reply(operation, request, reply);
      },
    });
  }

  private parametersOf({ parameters = [] }: Operation, place: string): ValidateFunction {
    const found = parameters.filter((parameter) => parameter.in === place);
    return compile(this.text, {
      type: 'object',
      properties: Object.fromEntries(found.map(({ name, schema }) => [name, schema])),
      required: found.filter(({ required }) => required === true).map(({ name }) => name),
      ...(place === 'query' && { additionalProperties: false }),
    });
  }

  private reply({ operationId, responses }: Operation, request: FastifyRequest, reply: FastifyReply): unknown {
    const [success = '200'] = Object.keys(responses);
    const [type, content] = Object.entries(responses[success]?.content ?? {})[0] ?? [];
    const told = this.answers.get(operationId)?.shift();
    if (told?.hangUp !== undefined) {
      const { socket } = request.raw;
      if (told.hangUp === 'before') socket.destroy();
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{', () => socket.destroy());
      return reply.hijack();
    }
    void reply.status(told?.status ?? Number(success)).headers(told?.headers ?? {});
    if (told?.body !== undefined) return reply.send(told.body);
    if (content === undefined) return reply.send();
    const example = exampleOf(content.schema, this.description.components.schemas);
    if (type === 'text/event-stream') return reply.type(type).send(`data: ${JSON.stringify(example)}\n\n`);
    if (type !== 'application/json') return reply.type(type ?? '').send(Buffer.from([0xff, 0xd8]));
    return reply.send(example);
  }
}

/** A list that is described as one text with commas. */
function withLists({ parameters = [] }: Operation, query: unknown): Record<string, unknown> {
  const lists = new Set(parameters.filter(({ explode }) => explode === false).map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(query as Record<string, unknown>).map(([name, value]) => [
      name,
      lists.has(name) ? String(value).split(',') : value,
    ]),
  );
}

/** References of the description point into it, wherever the schema that holds them is compiled. */
function compile(ajv: Ajv2020, schema: JsonSchema): ValidateFunction {
  const text = JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/');
  return ajv.compile(JSON.parse(text) as object);
}

async function readForm(request: FastifyRequest): Promise<Pick<SeenRequest, 'body' | 'files'>> {
  const files: Record<string, Buffer[]> = {};
  const body: Record<string, unknown> = {};
  for await (const part of request.parts()) {
    if (part.type === 'file') (files[part.fieldname] ??= []).push(await part.toBuffer());
    else
      body[part.fieldname] = /^[[{]|^(true|false|\d+)$/.test(String(part.value))
        ? JSON.parse(String(part.value))
        : part.value;
  }
  for (const [name, bytes] of Object.entries(files))
    body[name] = bytes.length === 1 ? 'bytes' : bytes.map(() => 'bytes');
  return { body, files };
}

function faultsOf(check: ValidateFunction | undefined, value: unknown, part: string): string[] {
  if (check === undefined) return [`${part}: not of this type`];
  if (check(value)) return [];
  return (check.errors ?? []).map(({ instancePath, message }) => `${part}${instancePath} ${message ?? ''}`);
}

function problem(reply: FastifyReply, status: number, code: string, detail: string): FastifyReply {
  const document = { type: 'urn:problem', title: code, status, detail, code, remedy: 'Mend it.', requestId: 'r-1' };
  return reply.status(status).type('application/problem+json').send(document);
}
