import { createFacelane, type Facelane, type FeedEvent } from '@facelane/client';
import { EVENT_TYPES } from '@facelane/contracts';
import { buildAsyncApi } from '@facelane/events';
import { startRedis, type TestRedis } from '@facelane/testing';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningApi, startStandaloneApi } from '../../support/api.js';
import { type EventProducer, eventProducer } from '../../support/event.producer.js';

let redis: TestRedis;
let producer: EventProducer;
let api: RunningApi;
let facelane: Facelane;
beforeAll(async () => {
  redis = await startRedis();
  [api, producer] = await Promise.all([startStandaloneApi({ REDIS_URL: redis.url }), eventProducer(redis.url)]);
  facelane = of('default');
}, 120_000);
afterAll(async () => {
  await producer.close();
  await api.stop();
  await redis.stop();
});

const of = (tenant: string): Facelane => createFacelane({ url: api.address, key: api.key, tenant });
const tailOf = async (client: Facelane): Promise<string> => (await client.events.list({ after: 'latest' })).next;

async function take(events: AsyncGenerator<FeedEvent, void>, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) ids.push(((await events.next()) as IteratorYieldResult<FeedEvent>).value.id);
  return ids;
}

/** What a stream says, block by block. */
class StreamReader {
  private text = '';

  private constructor(
    readonly status: number,
    private readonly reader: ReadableStreamDefaultReader<Uint8Array>,
  ) {}

  static async open(query: string, headers: Record<string, string> = {}): Promise<StreamReader> {
    const answer = await fetch(`${api.address}/v1/events/stream${query}`, {
      headers: { authorization: `Bearer ${api.key}`, ...headers },
    });
    return new StreamReader(answer.status, answer.body!.getReader() as ReadableStreamDefaultReader<Uint8Array>);
  }

  /** The next block that has an event; undefined at the end of the stream. */
  async event(): Promise<{ id: string; type: string; data: { id: string; tenant: string } } | undefined> {
    for (let block = await this.block(); block !== undefined; block = await this.block()) {
      const [, id = '', type = '', data] = /^id: (\S+)\nevent: (\S+)\ndata: (.*)$/.exec(block) ?? [];
      if (data !== undefined) return { id, type, data: JSON.parse(data) as { id: string; tenant: string } };
    }
    return undefined;
  }

  async block(): Promise<string | undefined> {
    for (;;) {
      const end = this.text.indexOf('\n\n');
      if (end !== -1) {
        const block = this.text.slice(0, end);
        this.text = this.text.slice(end + 2);
        return block;
      }
      const { done, value } = await this.reader.read();
      if (done) return undefined;
      this.text += new TextDecoder().decode(value);
    }
  }

  leave(): Promise<void> {
    return this.reader.cancel();
  }
}

describe('the feed', () => {
  it('has events in their order, whole, filtered, page by page', async () => {
    const paged = of('paged');
    const ids = await producer.append(['asset.completed', 'face.matched', 'face.unmatched', 'job.completed'], 'paged');
    const first = await paged.events.list({ limit: 3 });
    const second = await paged.events.list({ after: first.next });
    expect([...first.events, ...second.events].map(({ id }) => id)).toEqual(ids);
    expect([first.end, second.end]).toEqual([false, true]);
    const { events } = await paged.events.list({ types: ['face.matched', 'job.completed'], collection: 'friends' });
    expect(events.map(({ type }) => type)).toEqual(['face.matched', 'job.completed']);
    expect(events[0]).toMatchObject({
      id: ids[1],
      tenant: 'paged',
      collection: 'friends',
      data: { decision: 'match' },
    });
    expect((await paged.events.list({ collection: 'nowhere' })).events).toEqual([]);
    const after = first.events[0]!.cursor;
    expect((await paged.events.list({ after, limit: 1 })).events.map(({ id }) => id)).toEqual([ids[1]]);
  });

  it('waits for an event that fits', async () => {
    const after = await tailOf(facelane);
    const waiting = facelane.events.list({ after, wait: 60, types: ['asset.failed'] });
    await producer.append(['asset.completed']);
    const [id] = await producer.append(['asset.failed']);
    expect((await waiting).events.map((event) => event.id)).toEqual([id]);
    expect(await facelane.events.list({ after: await tailOf(facelane), wait: 1 })).toMatchObject({ events: [] });
  });

  it('tells a reader whom the log has left behind, and how to go on', async () => {
    const brief = of('brief');
    await producer.append(['asset.completed'], 'brief');
    const { next } = await brief.events.list();
    await brief.events.commit('slow', next);
    const short = await eventProducer(redis.url, { maxPerTenant: 2 });
    const ids = await short.append(['asset.failed', 'asset.failed', 'asset.failed', 'asset.failed'], 'brief');
    await short.close();
    const gone = { status: 410, code: 'EVENTS.CURSOR_EXPIRED', remedy: expect.stringContaining('rebuild') as string };
    await expect(brief.events.read({ after: next }).next()).rejects.toMatchObject(gone);
    await expect(brief.events.read({ consumer: 'slow' }).next()).rejects.toMatchObject(gone);
    await brief.events.deleteConsumer('slow');
    expect(await take(brief.events.read({ consumer: 'slow' }), 2)).toEqual(ids.slice(2));
    const invalid = brief.events.list({ after: 'nothing' });
    await expect(invalid).rejects.toMatchObject({ status: 422, code: 'EVENTS.CURSOR_INVALID' });
    const both = brief.events.list({ after: next, consumer: 'slow' });
    await expect(both).rejects.toMatchObject({ status: 400, code: 'API.REQUEST_INVALID' });
  });

  it('is described where the API is', async () => {
    const answer = await fetch(`${api.address}/asyncapi.json`);
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(buildAsyncApi())));
  });

  it('has events that fit the schema which is served', async () => {
    const checked = of('checked');
    await producer.append(EVENT_TYPES, 'checked');
    const served = (await (await fetch(`${api.address}/events.schema.json`)).json()) as Record<string, unknown>;
    const fits = new Ajv({ formats: { uuid: true, 'date-time': true }, keywords: ['x-open-enum'] }).compile(served);
    const { events } = await checked.events.list();
    expect(events.map(({ type }) => type)).toEqual(EVENT_TYPES);
    for (const event of events) expect(fits(event), `${event.type}: ${JSON.stringify(fits.errors)}`).toBe(true);
    expect(fits({ ...events[0], type: 'asset.deleted' })).toBe(false);
  });
});

describe('consumers', () => {
  it('are given again what they have not committed, and go back when they are forced alone', async () => {
    const named = of('named');
    const ids = await producer.append(['asset.completed', 'asset.completed', 'asset.completed'], 'named');
    const page = await named.events.list({ consumer: 'archive' });
    expect(await named.events.list({ consumer: 'archive' })).toEqual(page);
    const [first, second] = page.events.map(({ cursor }) => cursor);
    const name = 'archive';
    expect(await named.events.commit(name, second!)).toEqual({ name, cursor: second, moved: true });
    expect(await named.events.commit(name, first!)).toEqual({ name, cursor: second, moved: false });
    expect((await named.events.list({ consumer: name })).events.map(({ id }) => id)).toEqual([ids[2]]);
    expect(await named.events.commit(name, first!, { force: true })).toEqual({ name, cursor: first, moved: true });
    expect(await named.events.consumers()).toEqual([{ name, cursor: first }]);
    expect(await named.events.deleteConsumer(name)).toEqual({ name, cursor: first });
    await expect(named.events.deleteConsumer(name)).rejects.toMatchObject({ code: 'API.CONSUMER_MISSING' });
    await expect(named.events.commit('_own', first!)).rejects.toMatchObject({ code: 'API.REQUEST_INVALID' });
  });

  it('are a hundred of a tenant', async () => {
    const many = of('many');
    const cursor = await tailOf(many);
    const names = Array.from({ length: 101 }, (_, n) => `c${n}`);
    const outcomes = await Promise.allSettled(names.map((name) => many.events.commit(name, cursor)));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.map(({ reason }) => reason as unknown)).toMatchObject([
      { status: 409, code: 'EVENTS.CONSUMERS_FULL' },
    ]);
    expect(await many.events.consumers()).toHaveLength(100);
  });
});

describe('the stream', () => {
  it('tells events as they happen, and goes on where its reader was', async () => {
    const stream = await StreamReader.open('?after=latest&types=face.matched,asset.completed');
    expect(await stream.block()).toMatch(/^id: \S+$/);
    const [first] = await producer.append(['face.matched', 'job.completed']);
    const told = await stream.event();
    expect(told).toMatchObject({ type: 'face.matched', data: { id: first, tenant: 'default' } });
    await stream.leave();
    const [second] = await producer.append(['asset.completed']);
    const again = await StreamReader.open('?after=latest', { 'last-event-id': told!.id });
    expect((await again.event())?.type).toBe('job.completed');
    expect((await again.event())?.data.id).toBe(second);
    await again.leave();
  });

  it('is refused before it begins, and to a key that holds many', async () => {
    expect((await StreamReader.open('?after=nothing')).status).toBe(422);
    expect((await StreamReader.open('', { 'last-event-id': 'nothing' })).status).toBe(422);
    const streams = await Promise.all(Array.from({ length: 21 }, () => StreamReader.open('?after=latest')));
    expect(streams.map(({ status }) => status).sort()).toEqual([...Array<number>(20).fill(200), 429]);
    await Promise.all(streams.map((stream) => stream.leave()));
  });
});

describe('when the API stops and starts again', () => {
  it('streams end in order, those who wait are answered, and readers go on', async () => {
    const { port } = new URL(api.address);
    const stream = await StreamReader.open('?after=latest');
    await stream.block();
    const after = await tailOf(facelane);
    const waiting = fetch(`${api.address}/v1/events?wait=60&after=${after}`, {
      headers: { authorization: `Bearer ${api.key}` },
    });
    const reading = facelane.events.read({ consumer: 'lasting', types: ['endpoint.disabled'] });
    const next = take(reading, 1);
    // Both are under way when something that comes later is answered.
    await facelane.system.whoAmI();
    await api.stop();
    expect(await stream.event()).toBeUndefined();
    expect(await (await waiting).json()).toEqual({ events: [], next: after, end: true });
    api = await startStandaloneApi({ REDIS_URL: redis.url, API_PORT: port });
    const ids = await producer.append(['endpoint.disabled', 'endpoint.disabled']);
    expect([...(await next), ...(await take(reading, 1))]).toEqual(ids);
  }, 60_000);
});
