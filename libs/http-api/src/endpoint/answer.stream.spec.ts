import { setTimeout as delay } from 'node:timers/promises';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { streamOf } from './answer.stream.js';
import { hangUpSignal } from './hang-up.js';
import { serverSentEvents, type StreamMessage } from './server-sent-events.js';

const schema = z.object({ n: z.int() });
const never = new AbortController().signal;

async function* parts(...values: readonly unknown[]): AsyncGenerator {
  for (const value of values) yield await Promise.resolve(value);
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

describe('an answer that is a stream', () => {
  it('of events has one message for each, as its schema leaves it', async () => {
    const stream = streamOf('events', schema, parts({ n: 1, secret: 'x' }, { n: 2 }), never);
    expect(await textOf(stream)).toBe('data: {"n":1}\n\ndata: {"n":2}\n\n');
  });

  it('of messages has their ids and types, and those of an id alone', async () => {
    const messages = parts({ id: 'a', event: 'x.y', data: { n: 1, secret: 'x' } }, { id: 'b' });
    const text = await textOf(streamOf('messages', schema, messages, never));
    expect(text).toBe('id: a\nevent: x.y\ndata: {"n":1}\n\nid: b\n\n');
  });

  it('of bytes is those bytes', async () => {
    const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
    const stream = streamOf('bytes', bytes, parts(Buffer.from('ab'), Buffer.from('c')), never);
    expect(await textOf(stream)).toBe('abc');
  });

  it('is cut when a part is none', async () => {
    await expect(textOf(streamOf('events', schema, parts({ n: 1 }, { n: 'x' }), never))).rejects.toThrow();
  });

  it('says that it is still there while nothing happens', async () => {
    const gate = Promise.withResolvers<undefined>();
    async function* slow(): AsyncGenerator<StreamMessage> {
      await gate.promise;
      yield { data: { n: 1 } };
    }
    const events = serverSentEvents(slow(), 1);
    expect((await events.next()).value).toBe(': still here\n\n');
    gate.resolve(undefined);
    let text: unknown;
    do text = (await events.next()).value;
    while (text === ': still here\n\n');
    expect(text).toBe('data: {"n":1}\n\n');
    expect((await events.next()).done).toBe(true);
  });

  it('ends what makes it when the caller hangs up', async () => {
    const ended = Promise.withResolvers<unknown>();
    async function* endless(signal: AbortSignal): AsyncGenerator {
      try {
        yield { n: 1 };
        await delay(60_000, undefined, { signal });
      } finally {
        ended.resolve('ended');
      }
    }
    const server = fastify({ forceCloseConnections: true });
    server.get('/', (_request, reply) => {
      const signal = hangUpSignal(reply);
      return reply.send(streamOf('events', schema, endless(signal), signal));
    });
    const leaving = new AbortController();
    const answer = await fetch(await server.listen({ port: 0 }), { signal: leaving.signal });
    const { value } = await (answer.body as ReadableStream<Uint8Array>).getReader().read();
    expect(new TextDecoder().decode(value)).toBe('data: {"n":1}\n\n');
    leaving.abort();
    expect(await ended.promise).toBe('ended');
    await server.close();
  });
});
