import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { requireModels } from '@facelane/testing';
import { withOwnRedis } from '../own.redis.js';
import { findBenchPhotos, readPhoto } from '../photos.js';
import { measureChain } from './chain.bench.js';
import { measureFairness } from './fairness.bench.js';
import { measureFeeding } from './feeding.bench.js';
import { measureLanes } from './lanes.bench.js';
import { type BulkFigures, renderBulkFigures } from './render.js';
import { writeBetweenMarkers } from '../write-readme.js';

// `--only chain | feeding | fair | weighted | lanes`: one part for a quick look. `--items`: of the long job; of a million, one run takes some twenty minutes.
const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    items: { type: 'string', default: '100000' },
    photos: { type: 'string', default: '10000' },
    requests: { type: 'string', default: '120' },
    write: { type: 'boolean', default: false },
  },
});

const work = await mkdtemp(join(tmpdir(), 'facelane-bench-bulk-'));

function inPlace<T>(name: string, part: (dataDir: string, redisUrl: string) => Promise<T>): Promise<T> {
  process.stderr.write(`${name}\n`);
  return withOwnRedis(join(work, name), part);
}

const fairness = { items: 10_000, delaySeconds: 30, capacity: 200 };

async function lanes(): Promise<BulkFigures['lanes']> {
  const models = await requireModels();
  const { paths } = await findBenchPhotos(undefined, 100, join(work, 'photos'));
  const photos = await Promise.all(paths.map(readPhoto));
  const sizes = { items: Number(flags.photos), requests: Number(flags.requests) };
  return inPlace('lanes', (dataDir) => measureLanes(models, photos, { dataDir, ...sizes }));
}

/** The part, if it was asked for. */
async function measure<T>(name: keyof BulkFigures, part: () => Promise<T>): Promise<T | undefined> {
  return flags.only === undefined || flags.only === name ? part() : undefined;
}

try {
  const text = renderBulkFigures({
    chain: await measure('chain', () => inPlace('chain', (_dir, url) => measureChain(url, 5_000, 5))),
    feeding: await measure('feeding', () =>
      inPlace('feeding', (dir, url) => measureFeeding(dir, url, Number(flags.items))),
    ),
    fair: await measure('fair', () =>
      inPlace('fair', (dir, url) => measureFairness(dir, url, { ...fairness, weight: 1 })),
    ),
    weighted: await measure('weighted', () =>
      inPlace('weighted', (dir, url) => measureFairness(dir, url, { ...fairness, weight: 3 })),
    ),
    lanes: await measure('lanes', lanes),
  });
  process.stdout.write(`${text}\n`);
  if (flags.write && flags.only === undefined) await writeBetweenMarkers('README.md', 'bench-bulk', text);
} finally {
  await rm(work, { recursive: true, force: true });
}
