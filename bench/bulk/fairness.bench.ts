import { setTimeout as pause } from 'node:timers/promises';
import { startMeasured } from '../measured.program.js';
import { BulkPlace } from './bulk.place.js';
import { atOnce, startNullStages } from './null.stages.js';

export interface FairnessFigures {
  readonly items: number;
  readonly delaySeconds: number;
  /** Of the tenant who came first. */
  readonly weight: number;
  /** His share of what was completed while both had work, 0..1. */
  readonly share: number;
  /** Items completed in that time. */
  readonly overlap: number;
  /** Items a second that the narrowest stage lets through. */
  readonly capacity: number;
}

const FIRST = 'early';
const SECOND = 'late';
const LOOK_MS = 100;

/**
 * Two tenants with a job each, the second made some time after the first: who of them gets how much of what the stages
 * can do, from the first item of the later one on until one of them has none left.
 */
export async function measureFairness(
  dataDir: string,
  redisUrl: string,
  { items, delaySeconds, weight, capacity }: Pick<FairnessFigures, 'items' | 'delaySeconds' | 'weight' | 'capacity'>,
): Promise<FairnessFigures> {
  const place = await BulkPlace.open(dataDir, redisUrl);
  const done = { [FIRST]: 0, [SECOND]: 0 };
  let before = 0;
  const stages = await startNullStages(place.belt, {
    onDetect: () => pause((1000 * atOnce('detect')) / capacity),
    onEnd: async (job) => {
      await place.writeResult(job);
      if (job.tenant === SECOND && done[SECOND] === 0) before = done[FIRST];
      done[job.tenant as keyof typeof done] += 1;
    },
  });
  const env = { DATA_DIR: dataDir, REDIS_URL: redisUrl, BULK_TENANT_WEIGHTS: `${FIRST}=${weight}` };
  const feeder = await startMeasured('feeder', env, /waiting for bulk jobs/);
  try {
    await place.makeJob(FIRST, items);
    await pause(delaySeconds * 1000);
    await place.makeJob(SECOND, items);
    while (done[FIRST] < items && done[SECOND] < items) await pause(LOOK_MS);
    const ofFirst = done[FIRST] - before;
    const overlap = ofFirst + done[SECOND];
    return { items, delaySeconds, weight, capacity, share: ofFirst / overlap, overlap };
  } finally {
    await feeder.stop();
    await stages.stop();
    await place.close();
  }
}
