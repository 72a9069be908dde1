import { setTimeout as delay } from 'node:timers/promises';
import type { OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../access/caller.js';
import { ProblemError } from '../problem/problem.error.js';
import { onHangUp } from './hang-up.js';

/** Streams that a key may hold at a time, in each process of the API. One takes a connection and up to 2 MB. */
const MOST_STREAMS = 20;
/** How long answers may take to end when the server does, in milliseconds. Who does not read by then is cut off. */
const GRACE_MS = 2_000;

/** The server stops: what is answered now is ended in order, and is no failure. */
class ServerEndingError extends Error {
  override readonly name = 'ServerEndingError';

  constructor() {
    super('The API is stopping.');
  }
}

/** Whether what the signal is of is to end because the server does, and its caller still reads. */
export const isEnding = ({ reason }: AbortSignal): boolean => reason instanceof ServerEndingError;

/**
 * Answers that stay open: streams, and those that wait for something to happen. When the server stops, each is told to
 * end, since closing the server cuts whatever is still open.
 */
export class OpenAnswers implements OnModuleDestroy {
  private readonly streams = new Map<string, number>();
  private readonly open = new Map<AbortController, Promise<unknown>>();
  private ending = false;

  constructor(
    private readonly mostStreams = MOST_STREAMS,
    private readonly graceMs = GRACE_MS,
  ) {}

  /**
   * A signal that aborts when the caller hangs up, and when the server stops.
   *
   * @throws ProblemError API.UNAVAILABLE when it stops already.
   */
  begin(reply: FastifyReply): AbortSignal {
    if (this.ending) throw new ProblemError('API.UNAVAILABLE', 'The API is stopping.');
    const controller = new AbortController();
    onHangUp(reply, (error) => controller.abort(error));
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.open.set(controller, promise);
    reply.raw.once('close', () => {
      this.open.delete(controller);
      resolve(undefined);
    });
    return controller.signal;
  }

  /**
   * The same for a stream, which takes one of the places of its key until it has ended.
   *
   * @throws ProblemError API.STREAMS_FULL
   */
  beginStream({ tenant, keyId }: Caller, reply: FastifyReply): AbortSignal {
    const key = `${tenant}/${keyId}`;
    const held = this.streams.get(key) ?? 0;
    if (held >= this.mostStreams) {
      throw new ProblemError('API.STREAMS_FULL', `This key holds ${held} streams open.`, {
        headers: { 'retry-after': '5' },
      });
    }
    const signal = this.begin(reply);
    this.streams.set(key, held + 1);
    reply.raw.once('close', () => {
      const left = (this.streams.get(key) ?? 1) - 1;
      if (left === 0) this.streams.delete(key);
      else this.streams.set(key, left);
    });
    return signal;
  }

  /** Before the server closes its connections. */
  async onModuleDestroy(): Promise<void> {
    this.ending = true;
    const grace = new AbortController();
    const closed = Promise.all(this.open.values());
    for (const controller of this.open.keys()) controller.abort(new ServerEndingError());
    await Promise.race([closed, delay(this.graceMs, undefined, { signal: grace.signal })]);
    grace.abort();
  }
}
