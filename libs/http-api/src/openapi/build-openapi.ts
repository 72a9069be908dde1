import { z } from 'zod';
import { createDocument, type ZodOpenApiObject, type ZodOpenApiOperationObject } from 'zod-openapi';
import type { BodyDeclaration, EndpointDeclaration } from '../endpoint/define-endpoint.js';
import { ENDPOINTS } from '../endpoints/index.js';
import { LOG_PROBLEMS } from '../problem/log.problems.js';
import { type ProblemCode, PROBLEMS } from '../problem/problem.table.js';
import { photoReferenceSchema } from '../schemas/photo.schema.js';

export type OpenApiDocument = ReturnType<typeof createDocument>;

/** Version of the description, raised when it changes: the second number for what is added, the first for what breaks. */
export const API_VERSION = '1.4.0';

const problemSchema = z
  .object({
    type: z.string().meta({ description: 'A URN of the code.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What happened to which thing.' }),
    code: z.string().meta({ description: 'Stable: automate on this one.' }),
    remedy: z.string().meta({ description: 'What to do about it.' }),
    requestId: z.string().meta({ description: 'Quote it when you ask for help.' }),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457.' });

/** Refusals that any endpoint may answer. */
const EVERYWHERE: readonly ProblemCode[] = [
  ...(['API.REQUEST_INVALID', 'API.REQUEST_UNPARSABLE', 'API.DEFECT', 'API.UNAVAILABLE'] as const),
];
const WITH_KEY: readonly ProblemCode[] = [
  ...(['API.KEY_MISSING', 'API.KEY_INVALID', 'API.KEY_EXPIRED', 'API.KEY_REVOKED'] as const),
  ...(['API.SCOPE_MISSING', 'API.RATE_LIMITED'] as const),
];
/** Of every method with which a body may come, asked for or not. */
const WITH_BODY: readonly ProblemCode[] = [
  ...(['API.REQUEST_TIMEOUT', 'API.TOO_LARGE', 'API.TYPE_UNSUPPORTED'] as const),
];

/** What a browser's EventSource sends by itself when it connects again. */
const RESUMING = z.object({
  'last-event-id': z
    .string()
    .max(512)
    .optional()
    .meta({ description: 'The `id` of the last message that was read. Goes before `after`.' }),
});

const KNOWN_PROBLEMS = { ...PROBLEMS, ...LOG_PROBLEMS };

/** What the workers refuse keeps their codes, of which there are many and more to come. */
const PHOTO_REFUSED: [number, string] = [422, '`INGEST.*`, `DETECT.*`: The photo cannot be used.'];

/** The OpenAPI 3.1 description of the whole API, from the table of its endpoints. */
export function buildOpenApi(): OpenApiDocument {
  const paths: NonNullable<ZodOpenApiObject['paths']> = {};
  for (const endpoint of ENDPOINTS) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operationOf(endpoint) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Facelane',
      version: API_VERSION,
      description: 'Finds who is in each photo, at bulk scale.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'An API key.' } },
      schemas: { PhotoSource: photoReferenceSchema },
    },
  });
}

function operationOf(endpoint: EndpointDeclaration): ZodOpenApiOperationObject {
  const { id, tag, summary, description, access, orSigned, params, query, body, idempotent } = endpoint;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(access === 'none' && { security: [] }),
    ...(orSigned === true && { security: [{ key: [] }, {}] }),
    ...(access !== 'none' && access !== 'any' && { 'x-scopes': [...access] }),
    requestParams: {
      ...(params && { path: params }),
      ...(query && { query }),
      ...(idempotent === true && { header: z.object({ 'idempotency-key': z.string().max(255).optional() }) }),
      ...(endpoint.success.stream === 'messages' && { header: RESUMING }),
    },
    ...(body && { requestBody: { required: true, content: contentOf(body) } }),
    responses: { [String(endpoint.success.status)]: successOf(endpoint), ...problemsOf(endpoint) },
  };
}

function contentOf({ kind, schema, photos = {} }: BodyDeclaration): Record<string, { schema: z.ZodType }> {
  switch (kind) {
    case 'json':
    case 'message':
      return { 'application/json': { schema } };
    case 'bytes':
      return { 'image/*': { schema } };
    case 'form':
      return { 'application/json': { schema }, 'multipart/form-data': { schema: formOf(schema, photos) } };
  }
}

/** The same fields, with files where the JSON has references to photos. */
function formOf(schema: z.ZodType, photos: Readonly<Record<string, number>>): z.ZodType {
  const { shape } = schema as z.ZodObject;
  const file = z.string().meta({ override: { type: 'string', format: 'binary' } });
  const fields = Object.entries(shape) as [string, z.ZodType][];
  const entries = fields.map(([name, field]): [string, z.ZodType] => {
    if (photos[name] === undefined) return [name, field];
    const files = photos[name] === 1 ? file : z.array(file).min(1).max(photos[name]);
    return [name, field.safeParse(undefined).success ? files.optional() : files];
  });
  return z.object(Object.fromEntries(entries));
}

function successOf({ success }: EndpointDeclaration): NonNullable<ZodOpenApiOperationObject['responses']>['200'] {
  const { description, schema, contentType = 'application/json' } = success;
  return { description, ...(schema && { content: { [contentType]: { schema } } }) };
}

/** One answer per status, which names the codes that it may carry. */
function problemsOf({ method, access, body, problems }: EndpointDeclaration): ZodOpenApiOperationObject['responses'] {
  const codes = [
    ...EVERYWHERE,
    ...(access === 'none' ? [] : WITH_KEY),
    ...(method === 'GET' ? [] : WITH_BODY),
    ...problems,
  ];
  const told = [...new Set(codes)].map((code): [number, string] => [
    KNOWN_PROBLEMS[code].status,
    `\`${code}\`: ${KNOWN_PROBLEMS[code].title}.`,
  ]);
  if (body?.photos !== undefined) told.push(PHOTO_REFUSED);
  const byStatus = Map.groupBy(told, ([status]) => status);
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, of]) => [
        String(status),
        {
          description: of.map(([, what]) => what).join(' '),
          content: { 'application/problem+json': { schema: problemSchema } },
        },
      ]),
  );
}
