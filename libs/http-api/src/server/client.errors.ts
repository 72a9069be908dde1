import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../problem/problem.error.js';
import { toProblem } from '../problem/to-problem.js';

/** Connections with a request that was answered before all of it had come. */
const answered = new WeakSet<Socket>();

/** To be called with every request when it was answered: what comes late of it gets no second answer. */
export function noteAnswer({ raw }: FastifyRequest): void {
  if (raw.complete || raw.destroyed) return;
  const { socket } = raw;
  answered.add(socket);
  raw.once('close', () => answered.delete(socket));
}

/**
 * Answers what Node gives up on before it is a request: cut for taking too long, with headers that are too large, no
 * HTTP at all. There is no reply to send it with, so it is written out.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable && !answered.has(socket)) socket.write(answerTo(error));
  socket.destroy(error);
}

function answerTo(error: NodeJS.ErrnoException): string {
  const { document } = toProblem(problemOf(error), randomUUID());
  const body = JSON.stringify(document);
  const head = [
    `HTTP/1.1 ${document.status} ${STATUS_CODES[document.status] ?? ''}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

function problemOf(cause: NodeJS.ErrnoException): ProblemError {
  switch (cause.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ProblemError('API.REQUEST_TIMEOUT', 'The request was not complete in time.', { cause });
    case 'HPE_HEADER_OVERFLOW':
      return new ProblemError('API.REQUEST_UNPARSABLE', 'The headers of the request are too large.', { cause });
    default:
      return new ProblemError('API.REQUEST_UNPARSABLE', 'The request is not well-formed HTTP.', { cause });
  }
}
