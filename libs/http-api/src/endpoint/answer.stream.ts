import { Readable } from 'node:stream';
import type { z } from 'zod';
import { isEnding } from './open.answers.js';
import { serverSentEvents, type StreamMessage } from './server-sent-events.js';

/**
 * How an answer is made while it is sent. `events`: server-sent events, whose data are the parts. `messages`: the same,
 * with ids to go on from. `bytes`: as they are.
 */
export type StreamKind = 'events' | 'messages' | 'bytes';

/** Without anything sent for this long, proxies take a connection for dead; most wait a minute. */
const KEEP_ALIVE_MS = 15_000;

/**
 * The parts of an answer as they come, each checked against the schema; no more of them are asked for than the caller
 * reads. What the handler is doing when the signal aborts is its own to end: the caller has hung up, or the server stops,
 * and then the stream ends where it is.
 */
export function streamOf(kind: StreamKind, schema: z.ZodType, parts: unknown, signal: AbortSignal): Readable {
  const stream = Readable.from(chunksOf(kind, schema, untilEnding(parts as AsyncIterable<unknown>, signal)), {
    objectMode: false,
    highWaterMark: 64 * 1024,
  });
  const onAbort = (): void => {
    if (!isEnding(signal)) stream.destroy();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  // Of a caller who has gone nobody hears; other errors cut the answer, which is how its reader knows that it is not whole.
  stream.on('error', () => undefined);
  return stream;
}

function chunksOf(kind: StreamKind, schema: z.ZodType, parts: AsyncIterable<unknown>): AsyncIterable<unknown> {
  switch (kind) {
    case 'bytes':
      return mapped(parts, (part) => schema.parse(part));
    case 'events':
      return serverSentEvents(
        mapped(parts, (part) => ({ data: schema.parse(part) })),
        KEEP_ALIVE_MS,
      );
    case 'messages':
      return serverSentEvents(
        mapped(parts as AsyncIterable<StreamMessage>, ({ data, ...message }) => ({
          ...message,
          ...(data !== undefined && { data: schema.parse(data) }),
        })),
        KEEP_ALIVE_MS,
      );
  }
}

async function* mapped<T, R>(parts: AsyncIterable<T>, map: (part: T) => R): AsyncGenerator<R> {
  for await (const part of parts) yield map(part);
}

async function* untilEnding(parts: AsyncIterable<unknown>, signal: AbortSignal): AsyncGenerator {
  try {
    yield* parts;
  } catch (error) {
    if (!isEnding(signal)) throw error;
  }
}
