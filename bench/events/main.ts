import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { requireModels } from '@facelane/testing';
import { withOwnRedis } from '../own.redis.js';
import { findBenchPhotos, readPhoto } from '../photos.js';
import { writeBetweenMarkers } from '../write-readme.js';
import { measureHanging } from './hanging.bench.js';
import { measureKills } from './kills.bench.js';
import { measureLatency } from './latency.bench.js';
import { measureRate } from './rate.bench.js';
import { type EventFigures, renderEventFigures } from './render.js';

// `--only rate | latency | hanging | kills`: one part for a quick look.
const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    deliveries: { type: 'string', default: '20000' },
    photos: { type: 'string', default: '100' },
    events: { type: 'string', default: '10000' },
    write: { type: 'boolean', default: false },
  },
});

const work = await mkdtemp(join(tmpdir(), 'facelane-bench-events-'));

/** The part, if it was asked for, in a folder of its own. */
async function measure<T>(name: keyof EventFigures, part: (dataDir: string) => Promise<T>): Promise<T | undefined> {
  if (flags.only !== undefined && flags.only !== name) return undefined;
  process.stderr.write(`${name}\n`);
  const dataDir = join(work, name);
  try {
    return await part(dataDir);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function latency(dataDir: string): ReturnType<typeof measureLatency> {
  await requireModels();
  const { paths } = await findBenchPhotos(undefined, 100, join(work, 'photos'));
  return measureLatency(await Promise.all(paths.map(readPhoto)), { dataDir, count: Number(flags.photos) });
}

const RATE = { deliveries: Number(flags.deliveries), endpoints: 10, each: 4, rounds: 5 };
const HANGING = { endpoints: 50, hanging: 10, events: 60, everyMs: 250, rounds: 3 };
const KILLS = 5;

try {
  const text = renderEventFigures({
    rate: await measure('rate', (dir) => withOwnRedis(dir, (own, url) => measureRate(own, url, RATE))),
    latency: await measure('latency', latency),
    hanging: await measure('hanging', (dir) => withOwnRedis(dir, (own, url) => measureHanging(own, url, HANGING))),
    kills: await measure('kills', (dir) => measureKills(dir, Number(flags.events), KILLS)),
  });
  process.stdout.write(`${text}\n`);
  if (flags.write && flags.only === undefined) await writeBetweenMarkers('README.md', 'bench-events', text);
} finally {
  await rm(work, { recursive: true, force: true });
}
