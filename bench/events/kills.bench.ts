import { startRedis } from '@facelane/testing';
import { type KillTrialFigures, killTrial } from '../../libs/events/src/testing/kill.trial.js';
import { Receiver } from '../../libs/events/src/testing/receiver.js';
import { EventsPlace, faceEvents } from './events.place.js';

const TENANT = 'kills';

/** The program that delivers is killed again and again, and Redis once. */
export async function measureKills(dataDir: string, events: number, kills: number): Promise<KillTrialFigures> {
  const redis = await startRedis();
  const place = await EventsPlace.open(dataDir, redis.url);
  const receiver = await Receiver.start();
  try {
    await place.endpoint({ tenant: TENANT, url: receiver.url, concurrency: 20 });
    return await killTrial({
      ...{ events: faceEvents(TENANT, events), kills },
      append: (some) => place.append(TENANT, some),
      start: async () => {
        const program = await place.notify();
        return () => program.kill();
      },
      restartRedis: redis.restart,
      received: () => receiver.received,
    });
  } finally {
    await receiver.stop();
    await place.close();
    await redis.stop();
  }
}
