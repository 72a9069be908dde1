import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventsOf } from './event.stream.js';
import { createFacelane, type Facelane, type Job } from './index.js';
import { followJob } from './job.follower.js';
import { DescribedServer, KEY } from './testing/described.server.js';

const ID = '0190163d-8694-739b-aea5-966c26f8ad91';

let server: DescribedServer;
let facelane: Facelane;
beforeAll(async () => {
  server = await DescribedServer.start();
  facelane = createFacelane({ url: server.url, key: KEY, retries: 0 });
});
beforeEach(() => server.reset());
afterAll(() => server.stop());

const job = (state: Job['state'], accounted: number): Job => ({ id: ID, state, accounted }) as Job;
const text = (...jobs: readonly Job[]): string => jobs.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('');
const events = (...jobs: readonly Job[]): { headers: Record<string, string>; body: string } => ({
  headers: { 'content-type': 'text/event-stream' },
  body: text(...jobs),
});

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('following a job', () => {
  it('tells what changes until it has ended', async () => {
    const told = [job('running', 0), job('running', 500), job('completed', 700)];
    server.answer('followJob', events(...told));
    expect(await all(facelane.jobs.follow(ID))).toEqual(told);
    expect(server.seen).toHaveLength(1);
    expect(server.seen[0]?.headers).toMatchObject({ authorization: `Bearer ${KEY}` });
  });

  it('goes on over a connection that ended too early', async () => {
    server.answer('followJob', events(job('running', 1)), { hangUp: 'before' }, events(job('completed', 2)));
    expect(await facelane.jobs.waitForEnd(ID)).toEqual(job('completed', 2));
    expect(server.seen).toHaveLength(3);
  });

  it('ends at once when there is no such job', async () => {
    server.answer('followJob', { status: 404, body: { code: 'API.JOB_MISSING' } });
    await expect(facelane.jobs.waitForEnd(ID)).rejects.toMatchObject({ status: 404, code: 'API.JOB_MISSING' });
    expect(server.seen).toHaveLength(1);
  });

  it('ends when nothing ever comes', async () => {
    const empty = (): Promise<ReadableStream<Uint8Array>> => Promise.resolve(new Blob([]).stream());
    const waits: number[] = [];
    const wait = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
    await expect(all(followJob(empty, undefined, wait))).rejects.toThrow('before the job has ended');
    expect(waits[0]).toBe(500);
    expect(Math.max(...waits)).toBe(15_000);
  });

  it('ends with the reason of the signal', async () => {
    server.answer('followJob', events(job('running', 1)));
    const giving = new AbortController();
    const following = facelane.jobs.follow(ID, { signal: giving.signal });
    await following.next();
    giving.abort(new Error('enough'));
    await expect(following.next()).rejects.toThrow('enough');
  });
});

describe('a stream of events', () => {
  const chunked = (whole: string, size: number): ReadableStream<Uint8Array> => {
    const bytes = new TextEncoder().encode(whole);
    return new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
        controller.close();
      },
    });
  };

  it.each([1, 2, 3, 1000])('is read in pieces of %d bytes', async (size) => {
    const whole = ': hello\n\ndata: {"a":"é"}\n\nevent: x\r\ndata:{"a":\r\ndata: 2}\r\n\r\nid: 7\n\ndata: {"cut":1}\n';
    expect(await all(eventsOf(chunked(whole, size)))).toEqual([{ a: 'é' }, { a: 2 }]);
  });

  it('is let go of by who has read enough', async () => {
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')),
      cancel: () => void (cancelled = true),
    });
    for await (const event of eventsOf(endless)) {
      expect(event).toBe(1);
      break;
    }
    expect(cancelled).toBe(true);
  });
});
