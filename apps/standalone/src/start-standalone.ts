import { parse } from 'node:path';
import { RuntimeOptions, type RunningProgram } from '@facelane/boot';
import { localSecret, startHttp } from '@facelane/http-api';
import { type EnsuredRedis, ensureRedis } from '@facelane/local-redis';
import { contractFileIds, loadManifest, pullModels } from '@facelane/models';
import { StandaloneModule } from './standalone.module.js';

/** Brings the models, a Redis and a key when they are missing, then runs every stage and the API. */
export async function startStandalone(options: RuntimeOptions, signal: AbortSignal): Promise<RunningProgram> {
  const { config, log } = options;
  await bringModels(options, signal);
  signal.throwIfAborted();
  const redis = await ensureRedis({ url: config.redis.url, dataDir: config.data.dir, log, allowInstall: true });
  try {
    signal.throwIfAborted();
    const api = { ...config.api, adminKey: config.api.adminKey ?? (await localSecret(config.data.dir, 'admin.key')) };
    const app = await startHttp(StandaloneModule, new RuntimeOptions({ ...configWith(redis, config), api }, log));
    process.stdout.write(readyText(app.address, config.api.adminKey === undefined ? api.adminKey : undefined));
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

/** A key that the user chose himself is not shown again. */
function readyText(address: string, madeKey: string | undefined): string {
  const key = madeKey ?? '$API_ADMIN_KEY';
  return `Facelane is ready: every stage and the API run in this process. Ctrl-C stops it.

    export FACELANE_URL=${address}
    export FACELANE_KEY=${key}

The API is described at ${address}/docs
`;
}

async function bringModels({ config, log }: RuntimeOptions, signal: AbortSignal): Promise<void> {
  const manifest = await loadManifest({ own: config.models.manifest });
  await pullModels(manifest, contractFileIds(manifest, config.models.contract), {
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
