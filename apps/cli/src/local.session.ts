import { parse } from 'node:path';
import { ensureRedis } from '@facelane/local-redis';
import { FacelaneSession, type Models, RuntimeOptions, withAnalyser, withEmbedder } from '@facelane/runtime';
import type { PhotoAnalyser } from '@facelane/stages';
import type { CliContext } from './cli.context.js';
import { bringModels } from './models.ready.js';

export interface LocalSession {
  readonly session: FacelaneSession;
  /** Whether the queues are this machine's own: then workers may read photos where they lie. */
  readonly privateQueues: boolean;
}

/** Runs `work` with the whole product in this process, and leaves nothing running behind. */
export async function withSession<T>(context: CliContext, work: (local: LocalSession) => Promise<T>): Promise<T> {
  await bringModels(context);
  const { config, log } = context;
  const redis = await ensureRedis({ url: config.redis.url, dataDir: config.data.dir, log, allowInstall: true });
  try {
    const options = new RuntimeOptions(
      {
        ...config,
        redis: { ...config.redis, url: redis.url },
        // The user names the photos himself; on his own machine his own rights are the limit.
        source: { ...config.source, fileRoots: [parse(process.cwd()).root] },
      },
      log,
    );
    const session = await FacelaneSession.open(options);
    try {
      return await work({ session, privateQueues: redis.origin !== 'given' });
    } finally {
      await session.close();
    }
  } finally {
    await redis.stop();
  }
}

/** Runs `work` with the models alone, for what needs neither queues nor stores. */
export async function withModels<T>(context: CliContext, work: (models: Models) => Promise<T>): Promise<T> {
  await bringModels(context);
  return withEmbedder(new RuntimeOptions(context.config, context.log), work);
}

/** Runs `work` with what finds faces, for measuring it. */
export async function withDetector<T>(context: CliContext, work: (analyser: PhotoAnalyser) => Promise<T>): Promise<T> {
  await bringModels(context);
  return withAnalyser(new RuntimeOptions(context.config, context.log), work);
}
