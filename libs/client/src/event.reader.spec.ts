import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FeedPage, readEvents } from './event.reader.js';
import { createFacelane, type Facelane, FacelaneUnreachable, type FeedEvent } from './index.js';
import { DescribedServer, KEY } from './testing/described.server.js';

let server: DescribedServer;
let facelane: Facelane;
beforeAll(async () => {
  server = await DescribedServer.start();
  facelane = createFacelane({ url: server.url, key: KEY, retries: 0 });
});
beforeEach(() => server.reset());
afterAll(() => server.stop());

const event = (n: number): FeedEvent =>
  ({ id: `e${n}`, type: 'asset.completed', data: { assetId: `a${n}` }, cursor: `c${n}` }) as FeedEvent;
/** A page that ends behind the last of these. */
const page = (...numbers: readonly number[]): FeedPage => ({
  ...{ events: numbers.map(event), next: `c${numbers.at(-1) ?? 0}`, end: true },
});
const answers = (...pages: readonly FeedPage[]): void =>
  server.answer('listEvents', ...pages.map((body) => ({ body })));

const asked = (operation: string): unknown[] =>
  server.seen.filter((one) => one.operation === operation).map(({ query, body }) => body ?? query);

async function take(events: AsyncGenerator<FeedEvent, void>, count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) ids.push(((await events.next()) as IteratorYieldResult<FeedEvent>).value.id);
  return ids;
}

describe('reading events', () => {
  it('goes from page to page, and passes over empty ones', async () => {
    answers(page(1, 2), page(2), { events: [], next: 'c5', end: false }, page(6));
    const events = facelane.events.read({ types: ['asset.completed'], collection: 'friends' });
    expect(await take(events, 4)).toEqual(['e1', 'e2', 'e2', 'e6']);
    const filter = { types: ['asset.completed'], collection: 'friends', wait: '30' };
    expect(asked('listEvents')).toEqual([
      filter,
      { ...filter, after: 'c2' },
      { ...filter, after: 'c2' },
      { ...filter, after: 'c5' },
    ]);
    expect(asked('commitEvents')).toEqual([]);
  });

  it('goes on over connections that break and servers that are away', async () => {
    answers(page(1));
    server.answer('listEvents', { hangUp: 'within' }, { status: 503 });
    answers(page(2));
    expect(await take(facelane.events.read({ after: 'c0' }), 2)).toEqual(['e1', 'e2']);
    expect(asked('listEvents')).toMatchObject([{ after: 'c0' }, ...Array<object>(3).fill({ after: 'c1' })]);
  });

  it('from the latest waits only once it knows where that is', async () => {
    answers({ events: [], next: 'c7', end: true }, page(8));
    expect(await take(facelane.events.read({ after: 'latest' }), 1)).toEqual(['e8']);
    expect(asked('listEvents')).toEqual([
      { after: 'latest', wait: '0' },
      { after: 'c7', wait: '30' },
    ]);
  });

  it('throws at once, and says what happened, when events were dropped before they were read', async () => {
    const body = { code: 'EVENTS.CURSOR_EXPIRED', detail: 'Trimmed.', remedy: 'Read from the oldest.' };
    server.answer('listEvents', { status: 410, body });
    const reading = facelane.events.read({ after: 'c1' }).next();
    await expect(reading).rejects.toMatchObject({ name: 'FacelaneProblem', status: 410, ...body });
    expect(server.seen).toHaveLength(1);
  });

  it('throws when it goes on failing', async () => {
    const waits: number[] = [];
    const wait = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
    const read = (): Promise<FeedPage> => Promise.reject(new FacelaneUnreachable('http://x', 'is away.'));
    await expect(readEvents({ read }, undefined, undefined, wait).next()).rejects.toThrow('is away');
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  it('ends with the reason of the signal', async () => {
    answers(page(1));
    const giving = new AbortController();
    const events = facelane.events.read({ signal: giving.signal });
    await take(events, 1);
    giving.abort(new Error('enough'));
    await expect(events.next()).rejects.toThrow('enough');
  });
});

describe('reading as a consumer', () => {
  it('commits a page when what is behind it is asked for, and not before', async () => {
    answers(page(1, 2), page(3));
    const events = facelane.events.read({ consumer: 'archive' });
    expect(await take(events, 2)).toEqual(['e1', 'e2']);
    expect(asked('commitEvents')).toEqual([]);
    expect(await take(events, 1)).toEqual(['e3']);
    expect(asked('commitEvents')).toEqual([{ cursor: 'c2' }]);
    expect(asked('listEvents')).toEqual(Array(2).fill({ consumer: 'archive', wait: '30' }));
  });

  it('commits nothing of a page in whose midst it is left', async () => {
    answers(page(1, 2));
    for await (const { id } of facelane.events.read({ consumer: 'archive' })) {
      expect(id).toBe('e1');
      break;
    }
    expect(asked('commitEvents')).toEqual([]);
  });

  it('commits how far was looked when nothing fitted, and sends a commit again that was not answered', async () => {
    answers({ events: [], next: 'c4', end: true }, { events: [], next: 'c4', end: true }, page(5));
    server.answer('commitEvents', { hangUp: 'before' });
    expect(await take(facelane.events.read({ consumer: 'archive' }), 1)).toEqual(['e5']);
    expect(asked('commitEvents')).toEqual([{ cursor: 'c4' }, { cursor: 'c4' }]);
  });
});
