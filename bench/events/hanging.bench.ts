import { setTimeout as pause } from 'node:timers/promises';
import { median, percentile } from '../statistics.js';
import { EventsPlace, faceEvents } from './events.place.js';
import { startReceiver } from './far.receiver.js';
import { now } from './receipt.js';

export interface HangingWish {
  readonly endpoints: number;
  /** Of these, so many take a request and never answer. */
  readonly hanging: number;
  /** Events of each phase, one every `everyMs` milliseconds, each for all endpoints. */
  readonly events: number;
  readonly everyMs: number;
  readonly rounds: number;
}

export interface HangingFigures extends HangingWish {
  /** From the appending of an event to its receipt, by those that answer; p95, milliseconds, median of the rounds. */
  readonly without: number;
  readonly beside: number;
  /** Of each round. */
  readonly ratios: readonly number[];
}

/** How long the endpoints that answer wait for their events, without and beside some that hang. */
export async function measureHanging(dataDir: string, redisUrl: string, wish: HangingWish): Promise<HangingFigures> {
  const place = await EventsPlace.open(dataDir, redisUrl);
  const receiver = await startReceiver();
  const notify = await place.notify();

  /** Receives `events` of a tenant of its own; the p95 of those that answer. */
  const phase = async (tenant: string, hanging: number): Promise<number> => {
    const answering = wish.endpoints - wish.hanging;
    for (let n = 0; n < wish.endpoints; n += 1) {
      // Without hanging ones the others answer too, and are not looked at: so both phases have as much to do.
      const path = n < answering ? `take/${n}` : hanging > 0 ? `hang/${n}` : `other/${n}`;
      await place.endpoint({ tenant, url: `${receiver.address}/${path}` });
    }
    const appended = new Map<string, number>();
    for (let n = 0; n < wish.events; n += 1) {
      const [event] = faceEvents(tenant, 1);
      appended.set(event!.id, now());
      await place.append(tenant, [event!]);
      await pause(wish.everyMs);
    }
    const receipts = await receiver.take(wish.events * (wish.endpoints - hanging));
    await place.clear(tenant);
    const looked = receipts.filter(({ path }) => path.startsWith('/take/'));
    return percentile(
      looked.map(({ id, at }) => at - appended.get(id)!),
      0.95,
    );
  };

  const found = { without: [] as number[], beside: [] as number[] };
  try {
    await phase('warm', 0);
    for (let round = 0; round < wish.rounds; round += 1) {
      found.without.push(await phase(`without-${round}`, 0));
      found.beside.push(await phase(`beside-${round}`, wish.hanging));
    }
  } finally {
    await notify.stop();
    await receiver.stop();
    await place.close();
  }
  const ratios = found.beside.map((p95, at) => p95 / found.without[at]!);
  return { ...wish, without: median(found.without), beside: median(found.beside), ratios };
}
