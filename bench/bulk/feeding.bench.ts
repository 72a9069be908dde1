import { setTimeout as pause } from 'node:timers/promises';
import { startMeasured } from '../measured.program.js';
import { BulkPlace } from './bulk.place.js';
import { startNullStages } from './null.stages.js';

export interface FeedingFigures {
  readonly items: number;
  readonly perSecond: number;
  /** Memory of the feeder before it has a job, and the most it held until a tenth, and until all, were done. */
  readonly rssIdle: number;
  readonly rssTenth: number;
  readonly rssPeak: number;
  /** Most that Redis held until a tenth, and until all, were done. */
  readonly redisTenth: number;
  readonly redisPeak: number;
}

const LOOK_MS = 250;

/**
 * A job of very many items through the feeder's own program and stages that do nothing. What is held must not grow with
 * the items, so the figures after a tenth of them stand beside the last ones.
 */
export async function measureFeeding(dataDir: string, redisUrl: string, items: number): Promise<FeedingFigures> {
  const place = await BulkPlace.open(dataDir, redisUrl);
  const stages = await startNullStages(place.belt, { onEnd: (job) => place.writeResult(job) });
  const feeder = await startMeasured('feeder', { DATA_DIR: dataDir, REDIS_URL: redisUrl }, /waiting for bulk jobs/);
  const rssIdle = await feeder.rssBytes();
  try {
    const job = await place.makeJob('bench', items);
    const started = performance.now();
    let rssPeak = rssIdle;
    let tenth: { readonly rss: number; readonly redis: number } | undefined;
    for (;;) {
      const { state, accounted } = await place.progressOf(job);
      rssPeak = Math.max(rssPeak, await feeder.rssBytes());
      const redis = await place.belt.peakMemoryBytes();
      if (accounted * 10 >= items) tenth ??= { rss: rssPeak, redis };
      if (state === 'completed') {
        const perSecond = (accounted * 1000) / (performance.now() - started);
        if (accounted !== items) throw new Error(`The job accounts for ${accounted} of ${items} items.`);
        const { rss: rssTenth, redis: redisTenth } = tenth!;
        return { items, perSecond, rssIdle, rssTenth, rssPeak, redisTenth, redisPeak: redis };
      }
      await pause(LOOK_MS);
    }
  } finally {
    await feeder.stop();
    await stages.stop();
    await place.close();
  }
}
