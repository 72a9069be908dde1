import type { Logger } from '@facelane/telemetry';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readAway } from '../body/read-away.js';
import { toProblem } from './to-problem.js';

/** Answers every failure as problem+json; the log gets the cause of those that are ours. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const { document, headers, isOurs } = toProblem(error, request.id);
    if (isOurs) this.log.error({ err: causeOf(error), requestId: request.id, code: document.code }, 'request failed');
    // The request is over as soon as its body is read; whether somebody still listens is known of the answer.
    if (reply.sent || reply.raw.destroyed) return;
    if (document.status === 413) {
      readAway(request.raw);
      // The server would close at once when its own parser refuses a body.
      reply.removeHeader('connection');
    }
    void reply
      .status(document.status)
      .headers({ 'cache-control': 'no-store', ...headers })
      .type('application/problem+json')
      .send(document);
  }
}

const causeOf = (error: unknown): unknown =>
  error instanceof Error && error.cause !== undefined ? error.cause : error;
