import { DELIVERY_TIMEOUT_MS } from '@facelane/contracts';
import { signWith } from '@facelane/events';
import { GuardedPoster } from '@facelane/outbound';
import { median } from '../statistics.js';
import { bodyOf, EventsPlace, faceEvents } from './events.place.js';
import { type FarReceiver, startReceiver } from './far.receiver.js';
import { now } from './receipt.js';

const TENANT = 'rate';

export interface RateWish {
  /** In each round, to all endpoints together. */
  readonly deliveries: number;
  readonly endpoints: number;
  /** Requests under way at a time, to each endpoint. */
  readonly each: number;
  readonly rounds: number;
}

export interface RateFigures extends RateWish {
  /** Per second, medians of the rounds. */
  readonly bare: number;
  readonly ours: number;
  /** Of each round, ours ÷ bare, measured one after the other. */
  readonly ratios: readonly number[];
}

interface Target {
  readonly url: string;
  readonly secret: string;
}

/** One notify program against its own HTTP client, which posts as many of the same bodies, signed alike, in a plain loop. */
export async function measureRate(dataDir: string, redisUrl: string, wish: RateWish): Promise<RateFigures> {
  const { deliveries, endpoints, each, rounds } = wish;
  const place = await EventsPlace.open(dataDir, redisUrl);
  const receiver = await startReceiver();
  const targets: Target[] = [];
  for (let n = 0; n < endpoints; n += 1) {
    const made = await place.endpoint({ tenant: TENANT, url: `${receiver.address}/${n}`, concurrency: each });
    targets.push({ url: made.url, secret: made.secrets[0]!.secret });
  }
  const notify = await place.notify();
  const rates = { bare: [] as number[], ours: [] as number[] };
  try {
    for (let round = 0; round <= rounds; round += 1) {
      const bare = await barePosts(receiver, targets, wish);
      const ours = await deliver(place, receiver, deliveries, endpoints);
      // The first round warms both up and does not count.
      if (round === 0) continue;
      rates.bare.push(bare);
      rates.ours.push(ours);
    }
  } finally {
    await notify.stop();
    await receiver.stop();
    await place.close();
  }
  const ratios = rates.ours.map((rate, at) => rate / rates.bare[at]!);
  return { ...wish, bare: median(rates.bare), ours: median(rates.ours), ratios };
}

async function barePosts(
  receiver: FarReceiver,
  targets: readonly Target[],
  { deliveries, endpoints, each }: RateWish,
): Promise<number> {
  const poster = new GuardedPoster({ allowHttp: true, allow: ['127.0.0.1'], timeoutMs: DELIVERY_TIMEOUT_MS });
  const { signal } = new AbortController();
  const queue = faceEvents(TENANT, deliveries / endpoints).flatMap((event) =>
    targets.map((target) => ({ ...target, id: event.id, body: bodyOf(event) })),
  );
  const lane = async (): Promise<void> => {
    for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
      const { url, id, body, secret } = one;
      const headers = {
        'content-type': 'application/json',
        ...signWith([secret], { id, timestamp: new Date(), body }),
      };
      const posted = await poster.post(url, { headers, body, signal, excerptBytes: 1024 });
      if (posted.outcome !== 'answered' || posted.status !== 204) throw new Error(JSON.stringify(posted));
    }
  };
  const started = now();
  await Promise.all(Array.from({ length: endpoints * each }, lane));
  const elapsed = now() - started;
  await receiver.take(deliveries);
  await poster.close();
  return (deliveries * 1000) / elapsed;
}

/** From the appending of the first event to the receipt of the last. */
async function deliver(
  place: EventsPlace,
  receiver: FarReceiver,
  deliveries: number,
  endpoints: number,
): Promise<number> {
  const events = faceEvents(TENANT, deliveries / endpoints);
  const started = now();
  await place.append(TENANT, events);
  const receipts = await receiver.take(deliveries);
  const last = receipts.reduce((latest, { at }) => Math.max(latest, at), 0);
  return (deliveries * 1000) / (last - started);
}
