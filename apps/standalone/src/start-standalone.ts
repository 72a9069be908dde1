import { parse } from 'node:path';
import { RuntimeOptions, type RunningProgram, startApp } from '@facelane/boot';
import { type EnsuredRedis, ensureRedis } from '@facelane/local-redis';
import { contractFileIds, findContract, loadManifest, pullModels } from '@facelane/models';
import { StandaloneModule } from './standalone.module.js';

/** Brings the models and a Redis when they are missing, then runs every stage. */
export async function startStandalone(options: RuntimeOptions, signal: AbortSignal): Promise<RunningProgram> {
  const { config, log } = options;
  await bringModels(options, signal);
  signal.throwIfAborted();
  const redis = await ensureRedis({ url: config.redis.url, dataDir: config.data.dir, log, allowInstall: true });
  try {
    signal.throwIfAborted();
    const app = await startApp(StandaloneModule, new RuntimeOptions(configWith(redis, config), log));
    process.stdout.write('Facelane is ready: every stage runs in this process. Ctrl-C stops it.\n');
    return {
      close: async () => {
        await app.close();
        await redis.stop();
      },
    };
  } catch (error) {
    await redis.stop();
    throw error;
  }
}

async function bringModels({ config, log }: RuntimeOptions, signal: AbortSignal): Promise<void> {
  const manifest = await loadManifest();
  await pullModels(manifest, contractFileIds(findContract(manifest, config.models.contract)), {
    cacheDir: config.models.cacheDir,
    signal,
    onProgress: ({ file, phase }) => {
      if (phase === 'done') log.info({ model: file.id }, 'model fetched');
    },
  });
}

function configWith(redis: EnsuredRedis, config: RuntimeOptions['config']): RuntimeOptions['config'] {
  // Jobs of a private Redis come from this user alone, on this machine, so his own rights are the limit; the command
  // line names photos by their paths then.
  const source =
    redis.origin === 'given' ? config.source : { ...config.source, fileRoots: [parse(process.cwd()).root] };
  return { ...config, source, redis: { ...config.redis, url: redis.url } };
}
