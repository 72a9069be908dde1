import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { RuntimeOptions } from '@facelane/boot';
import { loadConfig } from '@facelane/config';
import { ensureRedis } from '@facelane/local-redis';
import { FacelaneSession } from '@facelane/runtime';
import { createLogger } from '@facelane/telemetry';
import { requireModels } from '@facelane/testing';
import { measureIndex } from './index.bench.js';
import { renderIndexFigures } from './index.render.js';
import { findBenchPhotos } from './photos.js';
import { measurePipeline } from './pipeline.bench.js';
import { StageTimes } from './probes.js';
import { renderFigures } from './render.js';
import { measureSecondQuickstart } from './quickstart.bench.js';
import { writeBetweenMarkers } from './write-readme.js';

// `--photos <folder>` measures on a folder of photos; without it, cut-outs of the sample photos are made.
// `--index` measures the embedded face index instead; it needs no model, and some 3 GB of memory and disk.
const { values: flags } = parseArgs({
  options: {
    photos: { type: 'string' },
    count: { type: 'string', default: '600' },
    rounds: { type: 'string', default: '3' },
    index: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});

async function pipelineText(work: string): Promise<string> {
  await requireModels();
  const photos = await findBenchPhotos(flags.photos, Number(flags.count), join(work, 'photos'));
  const config = loadConfig({ DATA_DIR: join(work, 'data'), LOG_LEVEL: 'warn', LOG_FORMAT: 'pretty' });
  const log = createLogger(config.log);
  const redis = await ensureRedis({ dataDir: config.data.dir, log, allowInstall: true });
  const times = new StageTimes();
  const options = new RuntimeOptions(
    { ...config, redis: { ...config.redis, url: redis.url }, source: { ...config.source, fileRoots: ['/'] } },
    log,
    times.onRun,
  );
  const session = await FacelaneSession.open(options);
  process.stderr.write(`${photos.paths.length} ${photos.what}, ${flags.rounds} rounds of each\n`);
  const pipeline = await measurePipeline(session, photos.paths, times, Number(flags.rounds));
  const { threads } = session.engine.stats();
  await session.close();
  await redis.stop();
  const quickstartSeconds = await measureSecondQuickstart();
  return renderFigures({ pipeline, what: photos.what, threads, cores: cpus().length, quickstartSeconds });
}

const work = await mkdtemp(join(tmpdir(), 'facelane-bench-'));
try {
  const text = flags.index ? renderIndexFigures(await measureIndex(work)) : await pipelineText(work);
  process.stdout.write(`${text}\n`);
  if (flags.write && !flags.index) await writeBetweenMarkers('README.md', 'bench', text);
} finally {
  await rm(work, { recursive: true, force: true });
}
