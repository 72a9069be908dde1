import { readFile, writeFile } from 'node:fs/promises';
import { contractFileIds, listContracts, pullModels, resolveContract } from '@facelane/models';
import { detectionInput, requireModels, samplePhoto } from '@facelane/testing';
import { cosine } from '@facelane/vision';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { InferenceEngine } from './inference.engine.js';

// What every contract of the manifest found in two sample photos when it was accepted, to the pixel and the hundredth. Where a
// change is meant, delete the contract's entry and run this once: it is written anew, and the difference is in the commit.
const FILE = new URL('contracts.golden.json', import.meta.url);
const SAMPLES = [1, 3] as const;
const PIXELS = 2;
const COSINES = 0.02;

const point = z.tuple([z.number(), z.number()]);
const goldenSchema = z.record(
  z.string(),
  z.object({
    /** By sample: left, top, width, height and the five points of every face, best first. */
    faces: z.array(
      z.array(z.object({ box: z.tuple([z.number(), z.number(), z.number(), z.number()]), points: z.array(point) })),
    ),
    /** Of every face of the one sample with every face of the other. */
    cosines: z.array(z.array(z.number())),
  }),
);
type Golden = z.output<typeof goldenSchema>[string];

const models = await requireModels();
const { manifest, cacheDir } = models;
const known = goldenSchema.parse(JSON.parse(await readFile(FILE, 'utf8')));
const states = new Map((await listContracts(manifest, cacheDir)).map(({ name, state }) => [name, state]));

/** Those from npm are fetched when they are missing; of the others, those that are here. */
async function isHere(name: string): Promise<boolean> {
  const ids = contractFileIds(manifest, name);
  const files = manifest.files.filter(({ id }) => ids.includes(id));
  if (files.every(({ source }) => !source.startsWith('https:'))) await pullModels(manifest, ids, { cacheDir });
  else return states.get(name) === 'ready';
  return true;
}

async function look(name: string): Promise<Golden> {
  const contract = await resolveContract(manifest, cacheDir, name);
  const engine = await InferenceEngine.start({ contract, threads: 1 });
  try {
    const faces: Golden['faces'] = [];
    const vectors: Float32Array[][] = [];
    for (const sample of SAMPLES) {
      const photo = await samplePhoto(models, sample);
      const found = await engine.detect(await detectionInput({ ...models, contract }, photo));
      const all = await engine.embed(found.crops);
      const { dimension } = engine.contract;
      vectors.push(found.faces.map((_, row) => all.subarray(row * dimension, (row + 1) * dimension)));
      faces.push(
        found.faces.map(({ box: { x, y, width, height }, fivePoints }) => ({
          box: [round(x), round(y), round(width), round(height)],
          points: fivePoints.map((at) => [round(at.x), round(at.y)]),
        })),
      );
    }
    const [first, second] = vectors;
    return { faces, cosines: first!.map((a) => second!.map((b) => Math.round(cosine(a, b) * 1000) / 1000)) };
  } finally {
    await engine.close();
  }
}

const round = (value: number): number => Math.round(value * 10) / 10;

describe('every contract finds and compares the people of the sample photos as it always has', () => {
  it.each(Object.keys(manifest.contracts))('%s', { timeout: 60_000 }, async (name) => {
    if (!(await isHere(name))) {
      console.warn(`skipped: the files of the contract ${name} are not here`);
      return;
    }
    const found = await look(name);
    const golden = known[name];
    if (golden === undefined) {
      known[name] = found;
      await writeFile(FILE, `${JSON.stringify(known, undefined, 1)}\n`);
      throw new Error(`${name} was not in contracts.golden.json; what it finds is written there now.`);
    }
    expect(found.faces.map(({ length }) => length)).toEqual(golden.faces.map(({ length }) => length));
    for (const [sample, faces] of golden.faces.entries()) {
      for (const [at, { box, points }] of faces.entries()) {
        const now = found.faces[sample]![at]!;
        expectNear([...now.box, ...now.points.flat()], [...box, ...points.flat()], PIXELS);
      }
    }
    expectNear(found.cosines.flat(), golden.cosines.flat(), COSINES);
  });
});

function expectNear(found: readonly number[], golden: readonly number[], most: number): void {
  expect(found).toHaveLength(golden.length);
  for (const [at, value] of golden.entries()) expect(Math.abs(found[at]! - value)).toBeLessThanOrEqual(most);
}
