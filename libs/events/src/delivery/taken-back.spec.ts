import type { EventOf } from '@facelane/contracts';
import { expect, it, vi } from 'vitest';
import { deliveryJobOf } from '../dispatch/delivery.job.js';
import { TENANT, usePlace } from '../testing/place.js';

const place = usePlace();

it('what an erasure took out of the log is not delivered by whoever had read it before', async () => {
  const receiver = await place.receiver();
  const endpoint = await place.endpoint({ url: receiver.url });
  const [gone, kept] = await place.happen(2);
  const erased: EventOf<'face.matched'> = gone!;
  await place.belt.eventLog.forget(TENANT, { texts: [erased.id] });
  const { id: endpointId } = endpoint;
  for (const replay of [undefined, 'asked']) {
    const wish = { tenant: TENANT, endpointId, lane: 'interactive' as const, ...(replay && { replay }) };
    await place.belt.queues.add('delivery', [deliveryJobOf({ ...erased, body: JSON.stringify(erased) }, wish)]);
  }
  expect((await place.counts()).waiting).toBe(2);
  await place.notify();
  await vi.waitFor(
    async () => {
      expect(receiver.ids).toEqual([kept!.id]);
      expect(await place.counts()).toEqual({ waiting: 0, dead: 0 });
    },
    { timeout: 20_000, interval: 10 },
  );
  expect((await place.attempts(endpoint)).map(({ eventId }) => eventId)).toEqual([kept!.id]);
});

it('what is added behind the back of an erasure is taken back, and nothing else is', async () => {
  const { id: endpointId } = await place.endpoint({ url: 'http://127.0.0.1:1/' });
  const events = await place.happen(1_100);
  await place.belt.eventLog.forget(TENANT, { texts: [events[3]!.id, events[1_050]!.id] });
  const wish = { tenant: TENANT, endpointId, lane: 'bulk' as const };
  const jobs = events.map((event) => deliveryJobOf({ ...event, body: JSON.stringify(event) }, wish));
  await place.adder.add(TENANT, jobs);
  expect((await place.counts()).waiting).toBe(1_098);
  const gone = [jobs[3]!, jobs[1_050]!].map(({ assetId }) => place.belt.queues.locate(assetId));
  expect(await Promise.all(gone)).toEqual([undefined, undefined]);
});
