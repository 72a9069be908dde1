import { buildOpenApi } from '@facelane/http-api';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** A JSON schema, as far as a test looks at it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  /** With `{braces}`. */
  readonly path: string;
  readonly parameters: readonly {
    readonly in: 'path' | 'query' | 'header';
    readonly name: string;
    readonly required?: boolean;
    /** False: a list is one text with commas. */
    readonly explode?: boolean;
    readonly schema: JsonSchema;
  }[];
  /** Schemas of its body by content type. */
  readonly bodies: Readonly<Record<string, JsonSchema>>;
  readonly responses: Readonly<Record<string, { description: string; content?: Record<string, unknown> }>>;
}

interface RawOperation {
  readonly operationId: string;
  readonly parameters?: Operation['parameters'];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: JsonSchema }>> };
  readonly responses: Operation['responses'];
}

/** The OpenAPI description of the API, as what its answers are held against. */
export class ApiDescription {
  readonly document = buildOpenApi();
  readonly operations: readonly Operation[];
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });

  constructor() {
    this.ajv.addSchema(this.document, 'api');
    const paths = Object.entries(this.document.paths ?? {}) as unknown as [string, Record<string, RawOperation>][];
    this.operations = paths.flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId: id, parameters = [], requestBody, responses }]) => {
        const contents = Object.entries(requestBody?.content ?? {});
        const bodies = Object.fromEntries(contents.map(([type, { schema }]) => [type, schema]));
        return { id, method: method.toUpperCase(), path, parameters, bodies, responses };
      }),
    );
  }

  /** A schema of the components. */
  resolve(ref: string): JsonSchema {
    const schemas = this.document.components?.schemas as unknown as Record<string, JsonSchema>;
    return schemas[ref.slice('#/components/schemas/'.length)]!;
  }

  /** What is wrong with an answer of this status and type; nothing when it is as described. */
  faultsOf({ path, method }: Operation, status: number, type: string, body: unknown): string[] {
    const pointer = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema'];
    const ref = `api#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
    return this.faults(this.ajv.getSchema(ref), body);
  }

  faultsOfProblem(body: unknown): string[] {
    return this.faults(this.ajv.getSchema('api#/components/schemas/Problem'), body);
  }

  private faults(validate: ValidateFunction | undefined, body: unknown): string[] {
    if (validate === undefined) return ['no answer of this status and type is described'];
    if (validate(body)) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
  }
}
