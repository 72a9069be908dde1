import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { contractFileIds, loadManifest, pullModels, type ResolvedContract, resolveContract } from '@facelane/models';
import { requireModels, samplePhoto } from '@facelane/testing';
import { writeBetweenMarkers } from '../write-readme.js';
import { timeComponents } from './component.times.js';
import { type ContractFigures, evalLfw, evalWider } from './contract.figures.js';
import { describeContract, renderModels } from './render.js';

// Measures every contract whose files can be had, and writes docs/models.md. `--lfw <dir>`, `--wider <dir>`: the photos; what
// has no photos, what `--only <contract,…>` leaves out, and the times with `--no-times`, stay as they were measured before.
// `--manifest <file>`: contracts of one's own as well, as MODELS_MANIFEST has them; the page keeps their rows.
const { values: flags } = parseArgs({
  options: {
    lfw: { type: 'string' },
    wider: { type: 'string' },
    only: { type: 'string' },
    manifest: { type: 'string' },
    times: { type: 'boolean', default: true },
    rounds: { type: 'string', default: '5' },
  },
  allowNegative: true,
});

/** What was measured, so that a part can be measured again. */
const FIGURES = 'docs/models.figures.json';
const PAGE = 'docs/models.md';
const rounds = Number(flags.rounds);

const models = await requireModels();
const shipped = models.manifest;
const manifest = flags.manifest === undefined ? shipped : await loadManifest({ own: flags.manifest });
const ready = await readyContracts(models.cacheDir);
const figures = new Map(Object.entries(await figuresBefore()));

if (flags.times) await timeAll();
for (const name of chosen([...ready.keys()])) {
  process.stderr.write(`${name}\n`);
  if (!(name in shipped.contracts)) change(name, { brought: describeContract(manifest, name) });
  if (flags.wider !== undefined) change(name, { wider: await evalWider(name, flags.wider, flags.manifest) });
  if (flags.lfw !== undefined) change(name, { lfw: await evalLfw(name, flags.lfw, flags.manifest) });
  // After each: what takes an hour may be interrupted.
  await save();
}
await save();

/** Times compare within one run only, so those of other runs go. */
async function timeAll(): Promise<void> {
  const photos = await Promise.all([1, 2, 3, 4, 5, 6].map((n) => samplePhoto(models, n)));
  const times = await timeComponents(ready, photos, rounds);
  for (const name of figures.keys()) change(name, { times: undefined });
  for (const [name, measured] of times) change(name, { times: measured });
}

async function save(): Promise<void> {
  const names = new Set([...Object.keys(shipped.contracts), ...[...figures.keys()].sort()]);
  const kept = [...names].flatMap((name) => {
    const known = figures.get(name);
    // Of a contract that was, and is no more.
    const isGone = !(name in shipped.contracts) && known?.brought === undefined;
    return known === undefined || isGone ? [] : [[name, known] as const];
  });
  await writeFile(FIGURES, `${JSON.stringify(Object.fromEntries(kept), undefined, 2)}\n`);
  await writeBetweenMarkers(PAGE, 'models', renderModels({ manifest: shipped, contracts: new Map(kept), rounds }));
}

function change(name: string, some: ContractFigures): void {
  figures.set(name, { ...figures.get(name), ...some });
}

function chosen(names: readonly string[]): readonly string[] {
  const only = flags.only?.split(',');
  return only === undefined ? names : names.filter((name) => only.includes(name));
}

/** Those whose files are free and can be fetched, or are here. */
async function readyContracts(cacheDir: string): Promise<ReadonlyMap<string, ResolvedContract>> {
  const found = new Map<string, ResolvedContract>();
  for (const name of Object.keys(manifest.contracts)) {
    const ids = contractFileIds(manifest, name);
    try {
      await pullModels(manifest, ids, { cacheDir });
      found.set(name, await resolveContract(manifest, cacheDir, name));
    } catch (error) {
      process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  return found;
}

async function figuresBefore(): Promise<Record<string, ContractFigures>> {
  const text = await readFile(FIGURES, 'utf8').catch(() => '{}');
  return JSON.parse(text) as Record<string, ContractFigures>;
}
