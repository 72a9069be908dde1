import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { callerOf } from '../access/request.caller.js';
import type { BodyReader } from '../body/body.reader.js';
import { streamOf } from './answer.stream.js';
import type { EndpointDeclaration } from './define-endpoint.js';
import { hangUpSignal } from './hang-up.js';
import type { IdempotentAnswers } from './idempotent.answers.js';
import type { OpenAnswers } from './open.answers.js';
import { parseParts } from './parse-parts.js';

/** Reads and parses what the endpoint declares, calls the handler, and checks what it answers. */
export class EndpointInterceptor implements NestInterceptor {
  constructor(
    private readonly bodies: BodyReader,
    private readonly answers: IdempotentAnswers,
    private readonly open: OpenAnswers,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const { endpoint } = request.routeOptions.config;
    if (endpoint === undefined) return next.handle();
    return from(this.run(endpoint, request, http.getResponse<FastifyReply>(), next));
  }

  private async run(
    endpoint: EndpointDeclaration,
    request: FastifyRequest,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<unknown> {
    const signal = this.signalOf(endpoint, request, reply);
    return this.bodies.with(request, endpoint.body, signal, async (rawBody) => {
      const caller = callerOf(request);
      const idempotencyKey = headerOf(request, 'idempotency-key');
      const lastEventId = headerOf(request, 'last-event-id');
      const parts = parseParts(endpoint, { params: request.params, query: request.query, body: rawBody });
      request.endpointInput = { caller, ...parts, requestId: request.id, signal, idempotencyKey, lastEventId };
      const answer = async (): Promise<unknown> => {
        const returned: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
        const { schema, stream } = endpoint.success;
        if (schema === undefined) return undefined;
        return stream === undefined ? schema.parse(returned) : streamOf(stream, schema, returned, signal);
      };
      if (endpoint.success.contentType !== undefined) void reply.type(endpoint.success.contentType);
      // A proxy that holds events back until it has a page of them would make them useless.
      if (isEventStream(endpoint)) void reply.header('x-accel-buffering', 'no');
      if (endpoint.idempotent !== true || idempotencyKey === undefined) return answer();
      const { body, replayed } = await this.answers.once(caller, endpoint.id, idempotencyKey, parts, answer);
      if (replayed) void reply.header('idempotent-replayed', 'true');
      return body;
    });
  }

  private signalOf(endpoint: EndpointDeclaration, request: FastifyRequest, reply: FastifyReply): AbortSignal {
    if (isEventStream(endpoint)) return this.open.beginStream(callerOf(request), reply);
    return endpoint.success.waits === true ? this.open.begin(reply) : hangUpSignal(reply);
  }
}

const isEventStream = ({ success: { stream } }: EndpointDeclaration): boolean =>
  stream === 'events' || stream === 'messages';

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
