import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { requireModels } from '@facelane/testing';
import { findBenchPhotos, readPhoto } from '../photos.js';
import { measureMemory } from './memory.bench.js';
import { renderApiFigures } from './render.js';
import { measureSearch } from './search.bench.js';
import { writeBetweenMarkers } from '../write-readme.js';

// `--people`, `--uploads`: smaller numbers for a quick look; the figures that are published use the defaults.
const { values: flags } = parseArgs({
  options: {
    people: { type: 'string', default: '10000' },
    uploads: { type: 'string', default: '10000' },
    write: { type: 'boolean', default: false },
  },
});

const work = await mkdtemp(join(tmpdir(), 'facelane-bench-api-'));
try {
  const models = await requireModels();
  const { paths } = await findBenchPhotos(undefined, 24, join(work, 'photos'));
  const photos = await Promise.all(paths.map(readPhoto));
  const search = await measureSearch(models, photos, { dataDir: join(work, 'search'), people: Number(flags.people) });
  const memory = await measureMemory(photos[0]!, { dataDir: join(work, 'memory'), uploads: Number(flags.uploads) });
  const text = renderApiFigures(search, memory);
  process.stdout.write(`${text}\n`);
  if (flags.write) await writeBetweenMarkers('README.md', 'bench-api', text);
} finally {
  await rm(work, { recursive: true, force: true });
}
