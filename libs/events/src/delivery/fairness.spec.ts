import { describe, expect, it, vi } from 'vitest';
import { usePlace } from '../testing/place.js';
import { type Answer, hang, status } from '../testing/receiver.js';

const place = usePlace();

const until = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 30_000, interval: 10 });
const after =
  (ms: number): Answer =>
  (response, n) =>
    void setTimeout(() => status(204)(response, n), ms);

describe('an endpoint', () => {
  it('has no more requests at a time than it wants, from two processes', async () => {
    await Promise.all([place.notify(), place.notify()]);
    const receiver = await place.receiver(after(5));
    await place.endpoint({ url: receiver.url, concurrency: 2 });
    await place.happen(60);
    await until(() => expect(new Set(receiver.ids).size).toBe(60));
    expect(receiver.most).toBe(2);
  });

  it('has no more requests a second than it wants', async () => {
    await place.notify();
    const receiver = await place.receiver();
    await place.endpoint({ url: receiver.url, ratePerSecond: 20 });
    await place.happen(11);
    await until(() => expect(receiver.received).toHaveLength(11));
    // Ten intervals of 50 ms; a request may be on its way a little longer than the next.
    expect(receiver.received.at(-1)!.at - receiver.received[0]!.at).toBeGreaterThan(450);
  });

  it('is tried one at a time when it does not answer, until it does', async () => {
    await place.notify({ timeoutMs: 200, delaysMs: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1] });
    const receiver = await place.receiver(hang);
    const endpoint = await place.endpoint({ url: receiver.url, concurrency: 4 });
    await place.happen(20);
    await until(async () => expect((await place.attempts(endpoint)).length).toBeGreaterThanOrEqual(4));
    receiver.most = 0;
    const before = receiver.received.length;
    await until(() => expect(receiver.received.length).toBeGreaterThan(before + 3));
    expect(receiver.most).toBe(1);
    receiver.answer = after(150);
    await until(async () => expect(await place.counts()).toEqual({ waiting: 0, dead: 0 }));
    expect(receiver.most).toBeGreaterThan(1);
  });
});

describe('ten endpoints that never answer', () => {
  it('hold up none of the others, with fewer places than they would take', async () => {
    await place.notify({ timeoutMs: 120_000, capacity: 24 });
    const dead = await Promise.all(Array.from({ length: 10 }, () => place.receiver(hang)));
    for (const { url } of dead) await place.endpoint({ url, concurrency: 20 });
    const well = await Promise.all(Array.from({ length: 3 }, () => place.receiver(after(5))));
    for (const { url } of well) await place.endpoint({ url });
    await place.happen(100);
    await until(() => expect(well.map(({ ids }) => new Set(ids).size)).toEqual([100, 100, 100]));
    for (const receiver of dead) expect(receiver.open).toBeGreaterThan(0);
    expect(dead.reduce((sum, { open }) => sum + open, 0)).toBeLessThan(24);
  });
});
