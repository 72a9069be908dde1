import { setTimeout as pause } from 'node:timers/promises';
import { type EventOf } from '@facelane/contracts';
import type { Received } from './receiver.js';

export interface KillTrialWish {
  readonly events: readonly EventOf<'face.matched'>[];
  /** How often the program that delivers is killed. */
  readonly kills: number;
  /** Resolves when the events are in the log. */
  readonly append: (events: readonly EventOf<'face.matched'>[]) => Promise<void>;
  /** Starts the program that delivers; what it resolves to kills it with SIGKILL. */
  readonly start: () => Promise<() => Promise<void>>;
  /** Kills Redis with SIGKILL and starts it again on its append-only file. */
  readonly restartRedis: () => Promise<void>;
  readonly received: () => readonly Received[];
}

export interface KillTrialFigures {
  readonly events: number;
  readonly kills: number;
  /** Events that arrived at least once. */
  readonly delivered: number;
  /** Deliveries beyond the first of their event. */
  readonly duplicates: number;
  /** Deliveries of events that never happened. */
  readonly unknown: number;
  /** Deliveries with another body than their event has. */
  readonly changed: number;
}

const LOOK_MS = 20;

/**
 * Events come while the program that delivers them is killed at even distances, with Redis in the middle. Resolves when every event has
 * arrived, and every delivery that arrives is counted.
 */
export async function killTrial(wish: KillTrialWish): Promise<KillTrialFigures> {
  const { events, kills, append, start, restartRedis, received } = wish;
  const bodies = new Map(events.map((event) => [event.id, JSON.stringify(event)]));
  const arrived = (): number => new Set(received().flatMap(({ id }) => (bodies.has(id) ? [id] : []))).size;
  const untilArrived = async (least: number): Promise<void> => {
    // One look costs as much as there are deliveries, and what is waited for is not there before so many more.
    while (received().length < least || arrived() < least) await pause(LOOK_MS);
  };
  const part = Math.ceil(events.length / (kills + 1));
  for (let kill = 1; kill <= kills; kill += 1) {
    const end = await start();
    await append(events.slice((kill - 1) * part, kill * part));
    // In the middle of it: the rest is left to whoever comes next.
    await untilArrived(Math.ceil((kill - 0.5) * part));
    if (kill === Math.ceil(kills / 2)) await restartRedis();
    await end();
  }
  await append(events.slice(kills * part));
  const end = await start();
  await untilArrived(events.length);
  await end();
  const deliveries = received();
  const known = deliveries.filter(({ id }) => bodies.has(id));
  return {
    ...{ events: events.length, kills, delivered: arrived() },
    duplicates: known.length - arrived(),
    unknown: deliveries.length - known.length,
    changed: known.filter(({ id, body }) => bodies.get(id) !== body).length,
  };
}
