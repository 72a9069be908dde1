import type { Scope } from '@facelane/contracts';
import type { z } from 'zod';
import type { Caller } from '../access/caller.js';
import type { LogProblemCode } from '../problem/log.problems.js';
import type { ProblemCode } from '../problem/problem.table.js';
import type { StreamKind } from './answer.stream.js';
import type { StreamMessage } from './server-sent-events.js';

type ObjectSchema = z.ZodObject;

/**
 * How a body arrives. `form`: multipart/form-data or JSON, with photos as files or as references. `message`: JSON, also
 * where its sender calls it plain text.
 */
export interface BodyDeclaration {
  readonly kind: 'json' | 'form' | 'bytes' | 'message';
  readonly schema: z.ZodType;
  /** Form fields that are photos, and how many of each a request may hold. */
  readonly photos?: Readonly<Record<string, number>>;
}

/** One endpoint, said once: routing, access, parsing, the OpenAPI description and the client derive from it. */
export interface EndpointDeclaration {
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
  /** A request without a key is let through as nobody's: its body is signed, and the handler checks that. */
  readonly orSigned?: boolean;
  readonly params?: ObjectSchema;
  readonly query?: ObjectSchema;
  readonly body?: BodyDeclaration;
  /** Whether the answer to a request is kept under its Idempotency-Key. */
  readonly idempotent?: boolean;
  /** Somebody waits while models run: bulk work in this process is held back from the first byte to the answer. */
  readonly ahead?: boolean;
  readonly success: {
    readonly status: 200 | 201 | 202 | 204;
    readonly description: string;
    /** Absent: no body. */
    readonly schema?: z.ZodType;
    /** Absent: application/json. */
    readonly contentType?: string;
    /** The answer is made while it is sent; `schema` is that of one part. */
    readonly stream?: StreamKind;
    /** The answer may wait for something to happen; the signal then aborts when the server stops, too. */
    readonly waits?: boolean;
  };
  /** Refusals that are particular to this endpoint; those of every endpoint come by themselves. */
  readonly problems: readonly (ProblemCode | LogProblemCode)[];
}

/** Keeps the literal types, which the handler's signature is checked against. */
export function defineEndpoint<const E extends EndpointDeclaration>(endpoint: E): E {
  return Object.freeze(endpoint);
}

/** What a handler is given: parsed, and nothing else of the request. */
export interface EndpointInput<E extends EndpointDeclaration> {
  readonly caller: Caller;
  readonly params: E extends { readonly params: infer Params extends ObjectSchema } ? z.output<Params> : NoFields;
  readonly query: E extends { readonly query: infer Query extends ObjectSchema } ? z.output<Query> : NoFields;
  readonly body: E extends { readonly body: { readonly schema: infer Schema extends z.ZodType } }
    ? z.output<Schema>
    : undefined;
  readonly requestId: string;
  /** Aborts when the caller hangs up; of answers that stay open also when the server stops. */
  readonly signal: AbortSignal;
  readonly idempotencyKey: string | undefined;
  /** Where a reader of a stream goes on. */
  readonly lastEventId: string | undefined;
}

type NoFields = Record<string, never>;

/** What a handler returns: the body of its answer, or the parts of it as they come. */
export type EndpointOutput<E extends EndpointDeclaration> = E extends {
  readonly success: { readonly schema: infer Schema extends z.ZodType };
}
  ? E extends { readonly success: { readonly stream: 'events' | 'bytes' } }
    ? AsyncIterable<z.input<Schema>>
    : E extends { readonly success: { readonly stream: 'messages' } }
      ? AsyncIterable<StreamMessage<z.input<Schema>>>
      : z.input<Schema>
  : undefined;

export type EndpointHandler<E extends EndpointDeclaration> = (input: EndpointInput<E>) => Promise<EndpointOutput<E>>;
