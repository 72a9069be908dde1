import { ensureRedis } from '@facelane/local-redis';
import { createLogger } from '@facelane/telemetry';
import { startMeasured } from '../measured.program.js';
import { BenchCaller } from '../bench.caller.js';

const KEY = 'a-key-for-this-benchmark-only';
const LANES = 8;
/** Requests before the first look: caches and compiled code are part of a warm process. */
const WARM_UP = 500;

export interface MemoryFigures {
  readonly uploads: number;
  readonly heapBefore: number;
  readonly heapAfter: number;
  readonly perSecond: number;
}

/** The heap of the API process over many uploads. No worker runs: the API accepts and stores, and that is measured. */
export async function measureMemory(
  photo: Uint8Array,
  { dataDir, uploads }: { readonly dataDir: string; readonly uploads: number },
): Promise<MemoryFigures> {
  const log = createLogger({ level: 'warn', format: 'pretty' });
  const redis = await ensureRedis({ dataDir, log, allowInstall: true });
  const env = { DATA_DIR: dataDir, REDIS_URL: redis.url, API_PORT: '0', API_ADMIN_KEY: KEY };
  const api = await startMeasured('api', { ...env, API_RATE_PER_MINUTE: '100000000' });
  const caller = new BenchCaller(api.address, KEY);
  try {
    await caller.json('POST', '/v1/collections', { id: 'bench' });
    const upload = (): Promise<unknown> => caller.form('/v1/assets', 'source', photo, { collection: 'bench' });
    await repeat(upload, WARM_UP);
    const heapBefore = await api.heapBytes();
    const started = performance.now();
    await repeat(upload, uploads);
    const perSecond = (uploads / (performance.now() - started)) * 1000;
    return { uploads, heapBefore, heapAfter: await api.heapBytes(), perSecond };
  } finally {
    await api.stop();
    await redis.stop();
  }
}

async function repeat(work: () => Promise<unknown>, times: number): Promise<void> {
  let left = times;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await work();
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
