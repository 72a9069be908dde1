import type { JsonSchema } from '../../breaking/json.schema.js';
import { type Reference, type References, resolveIn } from '../../breaking/references.js';

export type Content = Readonly<Record<string, { readonly schema?: JsonSchema }>>;

export interface Parameter extends Reference {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly schema?: JsonSchema;
}

export interface RequestBody extends Reference {
  readonly required?: boolean;
  readonly content: Content;
}

export interface ApiResponse extends Reference {
  readonly content?: Content;
}

/** One way to be let in: every scheme named in it is needed. */
export type SecurityRequirement = Readonly<Record<string, unknown>>;

export interface Operation {
  readonly operationId?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: RequestBody;
  readonly responses?: Readonly<Record<string, ApiResponse>>;
  /** Any one of them lets a caller in. */
  readonly security?: readonly SecurityRequirement[];
  /** Any one of them is enough. Absent: no scope is asked for. */
  readonly 'x-scopes'?: readonly string[];
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly security?: readonly SecurityRequirement[];
  readonly components?: { readonly securitySchemes?: Readonly<Record<string, unknown>> };
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace'] as const;

/** An OpenAPI 3.1 document with its references followed. */
export class ApiDescription implements References {
  private readonly document: Document;

  /** @throws TypeError when the value is no OpenAPI 3.1 document. */
  constructor(value: unknown) {
    const { openapi, paths } = (value ?? {}) as { openapi?: unknown; paths?: unknown };
    if (typeof openapi !== 'string' || !openapi.startsWith('3.1') || typeof paths !== 'object' || paths === null) {
      throw new TypeError('This is no OpenAPI 3.1 document: it has no `openapi: 3.1.x` with `paths`.');
    }
    this.document = value as Document;
  }

  /** By method and path, such as `GET /v1/assets`. */
  operations(): ReadonlyMap<string, Operation> {
    const found = new Map<string, Operation>();
    for (const [path, item] of Object.entries(this.document.paths)) {
      for (const method of METHODS) {
        const operation = item[method] as Operation | undefined;
        if (operation === undefined) continue;
        const shared = (item['parameters'] ?? []) as readonly Parameter[];
        const parameters = [...shared, ...(operation.parameters ?? [])].map((parameter) => this.resolve(parameter));
        found.set(`${method.toUpperCase()} ${path}`, { ...operation, parameters });
      }
    }
    return found;
  }

  securityOf(operation: Operation): readonly SecurityRequirement[] {
    return operation.security ?? this.document.security ?? [];
  }

  securityScheme(name: string): unknown {
    return this.document.components?.securitySchemes?.[name];
  }

  resolve<T extends Reference>(value: T): T {
    return resolveIn(this.document, value);
  }
}
