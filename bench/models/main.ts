import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { contractFileIds, pullModels, type ResolvedContract, resolveContract } from '@facelane/models';
import { requireModels, samplePhoto, type TestModels } from '@facelane/testing';
import { writeBetweenMarkers } from '../write-readme.js';
import { timeComponents } from './component.times.js';
import { type ContractFigures, evalLfw, evalWider } from './contract.figures.js';
import { renderModels } from './render.js';

// Measures every contract whose files can be had, and writes docs/models.md. `--lfw <dir>`, `--wider <dir>`: the photos; what
// has no photos, and what `--only <contract,…>` leaves out, stays as it was measured before.
const { values: flags } = parseArgs({
  options: {
    lfw: { type: 'string' },
    wider: { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
  },
});

/** What was measured, so that a part can be measured again. */
const FIGURES = 'docs/models.figures.json';
const PAGE = 'docs/models.md';
const rounds = Number(flags.rounds);

const models = await requireModels();
const { manifest } = models;
const ready = await readyContracts(models);
const figures = new Map(Object.entries(await figuresBefore()));

const times = await timeComponents(
  ready,
  await Promise.all([1, 2, 3, 4, 5, 6].map((n) => samplePhoto(models, n))),
  rounds,
);
for (const [name, measured] of times) change(name, { times: measured });
for (const name of chosen([...ready.keys()])) {
  process.stderr.write(`${name}\n`);
  if (flags.wider !== undefined) change(name, { wider: await evalWider(name, flags.wider) });
  if (flags.lfw !== undefined) change(name, { lfw: await evalLfw(name, flags.lfw) });
}

const kept = Object.keys(manifest.contracts).flatMap((name) => {
  const known = figures.get(name);
  return known === undefined ? [] : [[name, known] as const];
});
await writeFile(FIGURES, `${JSON.stringify(Object.fromEntries(kept), undefined, 2)}\n`);
await writeBetweenMarkers(PAGE, 'models', renderModels({ manifest, contracts: figures, rounds }));

function change(name: string, some: ContractFigures): void {
  figures.set(name, { ...figures.get(name), ...some });
}

function chosen(names: readonly string[]): readonly string[] {
  const only = flags.only?.split(',');
  return only === undefined ? names : names.filter((name) => only.includes(name));
}

/** Those whose files are free and can be fetched, or are here. */
async function readyContracts({ cacheDir }: TestModels): Promise<ReadonlyMap<string, ResolvedContract>> {
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
