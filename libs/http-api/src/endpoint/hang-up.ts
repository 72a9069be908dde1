import type { FastifyReply } from 'fastify';

/** Aborts when the connection closes before the whole answer is written. */
export function hangUpSignal(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  onHangUp(reply, (error) => controller.abort(error));
  return controller.signal;
}

export function onHangUp(reply: FastifyReply, then: (error: Error) => void): void {
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) then(new HangUpError());
  });
}

/** The caller closed the connection: nobody reads what is answered now. */
class HangUpError extends Error {
  override readonly name = 'HangUpError';
  readonly statusCode = 499;

  constructor() {
    super('The caller hung up.');
  }
}
