import { Ajv, type ValidateFunction } from 'ajv';

type Json = Record<string, unknown>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Json;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Json }> };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: Json }> }>;
}

export interface OpenApiDocument {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Json> };
}

export interface MatchedOperation {
  /** As in the description, such as `PUT /collections/{collection_name}`. */
  readonly name: string;
  readonly operation: Operation;
  /** Values of the path's parameters in order. */
  readonly captured: readonly string[];
}

const ROOT = 'openapi';

/**
 * Checks requests and responses against an OpenAPI 3.0 description, more strictly than the description itself: a
 * property it does not name is an error, since a server that ignores it would hide a misspelled option.
 */
export class OpenApiValidator {
  readonly #document: OpenApiDocument;
  readonly #ajv = new Ajv({ strict: false, formats: FORMATS });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: OpenApiDocument) {
    this.#document = document;
    this.#ajv.addSchema({ $id: ROOT, components: { schemas: mapValues(document.components.schemas, toJsonSchema) } });
  }

  match(method: string, pathname: string): MatchedOperation | undefined {
    const given = pathname.split('/');
    for (const [path, operations] of Object.entries(this.#document.paths)) {
      const wanted = path.split('/');
      const operation = operations[method.toLowerCase()];
      const fits =
        wanted.length === given.length && wanted.every((part, at) => part.startsWith('{') || part === given[at]);
      if (operation === undefined || !fits) continue;
      const captured = given.filter((_, at) => wanted[at]!.startsWith('{')).map(decodeURIComponent);
      return { name: `${method} ${path}`, operation, captured };
    }
    return undefined;
  }

  /** What is wrong with the request, in words; empty when nothing is. */
  checkRequest({ name, operation }: MatchedOperation, query: URLSearchParams, body: unknown): string[] {
    const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
    const unknown = [...query.keys()].filter((key) => !parameters.some((parameter) => parameter.name === key));
    const ofQuery = parameters.flatMap((parameter) => {
      const text = query.get(parameter.name);
      if (text === null) return parameter.required === true ? [`${name}: query ${parameter.name} is missing`] : [];
      return this.#check(`${name} query ${parameter.name}`, parameter.schema, fromText(text));
    });
    const schema = operation.requestBody?.content['application/json']?.schema;
    const ofBody = schema === undefined ? [] : this.#check(`${name} body`, schema, body);
    return [...unknown.map((key) => `${name}: unknown query parameter ${key}`), ...ofQuery, ...ofBody];
  }

  checkResponse({ name, operation }: MatchedOperation, status: number, body: unknown): string[] {
    const response = operation.responses[String(status)] ?? operation.responses[`${String(status)[0]}XX`];
    const schema = response?.content?.['application/json']?.schema;
    if (schema === undefined) return [`${name} response: HTTP ${status} is not described`];
    return this.#check(`${name} response ${status}`, schema, body);
  }

  #check(what: string, schema: Json, value: unknown): string[] {
    const validate = this.#compiled.get(what) ?? this.#ajv.compile(toJsonSchema(schema));
    this.#compiled.set(what, validate);
    if (validate(value)) return [];
    return [`${what}: ${this.#ajv.errorsText(validate.errors, { dataVar: 'value' })}`];
  }
}

const whole = { type: 'number', validate: (value: number) => Number.isInteger(value) } as const;
const natural = { type: 'number', validate: (value: number) => Number.isInteger(value) && value >= 0 } as const;
const FORMATS = {
  float: true,
  double: true,
  binary: true,
  uri: true,
  'date-time': true,
  'partial-date-time': true,
  int64: whole,
  uint: natural,
  uint8: natural,
  uint32: natural,
  uint64: natural,
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
} as const;

/** A query's text as the value it stands for: `true`, `10`, or itself. */
function fromText(text: string): unknown {
  return /^(?:true|false|-?\d+)$/.test(text) ? JSON.parse(text) : text;
}

/**
 * OpenAPI 3.0's dialect as JSON Schema: `nullable` becomes a null type. Left as it is, `{ nullable: true }` among the
 * alternatives of an anyOf would accept anything, and the check could not fail.
 */
function toJsonSchema(schema: Json): Json {
  const { nullable, properties, items, anyOf, oneOf, additionalProperties, $ref, type, ...rest } = schema;
  const keys = Object.keys(schema).filter((key) => !['description', 'default', 'example', 'deprecated'].includes(key));
  if (keys.length === 1 && nullable === true) return { type: 'null' };
  const { minimum, maximum, minLength, maxLength, pattern, enum: values, required, format } = rest;
  const closed = type === 'object' && properties !== undefined ? false : undefined;
  const converted = {
    ...{ type, minimum, maximum, minLength, maxLength, pattern, enum: values, required, format },
    $ref: typeof $ref === 'string' ? `${ROOT}${$ref}` : undefined,
    properties: properties === undefined ? undefined : mapValues(properties as Record<string, Json>, toJsonSchema),
    items: items === undefined ? undefined : toJsonSchema(items as Json),
    anyOf: (anyOf as Json[] | undefined)?.map(toJsonSchema),
    oneOf: (oneOf as Json[] | undefined)?.map(toJsonSchema),
    additionalProperties:
      typeof additionalProperties === 'object'
        ? toJsonSchema(additionalProperties as Json)
        : (additionalProperties ?? closed),
  };
  const defined = Object.fromEntries(Object.entries(converted).filter(([, value]) => value !== undefined));
  return nullable === true ? { anyOf: [defined, { type: 'null' }] } : defined;
}

function mapValues<A, B>(record: Record<string, A>, convert: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(value)]));
}
