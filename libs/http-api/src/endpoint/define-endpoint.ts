import type { Scope } from '@facelane/contracts';
import type { z } from 'zod';
import type { Caller } from '../access/caller.js';
import type { ProblemCode } from '../problem/problem.table.js';

type ObjectSchema = z.ZodObject;

/** How a body arrives. `form`: multipart/form-data or JSON, with photos as files or as references. */
export interface BodyDeclaration<Schema extends z.ZodType = z.ZodType> {
  readonly kind: 'json' | 'form' | 'bytes';
  readonly schema: Schema;
  /** Form fields that are photos, and how many of each a request may hold. */
  readonly photos?: Readonly<Record<string, number>>;
}

/** One endpoint, said once: routing, access, parsing, the OpenAPI description and the client derive from it. */
export interface EndpointDeclaration<
  Params extends ObjectSchema = ObjectSchema,
  Query extends ObjectSchema = ObjectSchema,
  Body extends BodyDeclaration = BodyDeclaration,
  Success extends z.ZodType = z.ZodType,
> {
  /** camelCase; name of the operation in the description and of the client's method. */
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With `{braces}` around parameters, as OpenAPI writes it. */
  readonly path: string;
  readonly tag: string;
  /** One line. */
  readonly summary: string;
  readonly description?: string;
  /** A caller needs one of these; `admin` may always. `none`: anybody. `any`: every valid key. */
  readonly access: 'none' | 'any' | readonly Scope[];
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Whether the answer to a request is kept under its Idempotency-Key. */
  readonly idempotent?: boolean;
  readonly success: {
    readonly status: 200 | 201 | 202 | 204;
    readonly description: string;
    /** Absent: no body. */
    readonly schema?: Success;
    /** Absent: application/json. */
    readonly contentType?: string;
  };
  /** Refusals that are particular to this endpoint; those of every endpoint come by themselves. */
  readonly problems: readonly ProblemCode[];
}

/** Keeps the literal types, which the handler's signature is checked against. */
export function defineEndpoint<
  Params extends ObjectSchema,
  Query extends ObjectSchema,
  Body extends BodyDeclaration,
  Success extends z.ZodType,
>(endpoint: EndpointDeclaration<Params, Query, Body, Success>): EndpointDeclaration<Params, Query, Body, Success> {
  return Object.freeze(endpoint);
}

/** What a handler is given: parsed, and nothing else of the request. */
export interface EndpointInput<E extends EndpointDeclaration> {
  readonly caller: Caller;
  readonly params: E['params'] extends ObjectSchema ? z.output<E['params']> : Record<string, never>;
  readonly query: E['query'] extends ObjectSchema ? z.output<E['query']> : Record<string, never>;
  readonly body: E['body'] extends BodyDeclaration<infer Schema> ? z.output<Schema> : undefined;
  readonly requestId: string;
  /** Aborts when the caller hangs up. */
  readonly signal: AbortSignal;
  readonly idempotencyKey: string | undefined;
}

/** What a handler returns: the body, or bytes with their type. */
export type EndpointOutput<E extends EndpointDeclaration> = E['success'] extends { readonly schema?: infer Schema }
  ? Schema extends z.ZodType
    ? z.input<Schema>
    : void
  : void;

export type EndpointHandler<E extends EndpointDeclaration> = (input: EndpointInput<E>) => Promise<EndpointOutput<E>>;
