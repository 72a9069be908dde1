import { join } from 'node:path';
import { loadConfig } from '@facelane/config';
import { RuntimeOptions, withEmbedder } from '@facelane/runtime';
import { createLogger } from '@facelane/telemetry';
import { samplePhoto, type TestModels } from '@facelane/testing';
import sharp from 'sharp';
import { portraits, SAMPLE_FACES, SAMPLE_NUMBERS, writePhoto } from './photos.js';

/** As many as there are faces in the sample photos. Four of them are in two photos, and so are two people here. */
export const FOLDER_PEOPLE = SAMPLE_FACES.reduce((sum, faces) => sum + faces, 0);

export const personName = (number: number): string => `Person_${String(number).padStart(2, '0')}`;

/**
 * A folder per face of the sample photos, with two photos of it, named as those of LFW: a portrait, and one that is
 * smaller, darker and a little turned. Beside them LFW's lists of development pairs.
 */
export async function writeLabelledFolder(models: TestModels, directory: string): Promise<void> {
  const faces = await everyFace(models);
  for (const [number, portrait] of faces.entries()) {
    const name = personName(number);
    await writePhoto(join(directory, name, `${name}_0001.jpg`), portrait);
    const other = await sharp(portrait).resize(180).rotate(6, { background: '#888' }).modulate({ brightness: 0.8 }).jpeg().toBuffer(); // prettier-ignore
    await writePhoto(join(directory, name, `${name}_0002.jpg`), other);
  }
  await writePhoto(join(directory, 'pairsDevTrain.txt'), pairList(0, 9));
  await writePhoto(join(directory, 'pairsDevTest.txt'), pairList(9, 9));
}

/** Pairs of one person, then of two who are not neighbours in a photo. */
function pairList(from: number, count: number): string {
  const people = Array.from({ length: count }, (_, at) => from + at);
  const same = people.map((person) => `${personName(person)}\t1\t2`);
  const different = people.map((person) => `${personName(person)}\t1\t${personName(person + 4)}\t2`);
  return [count, ...same, ...different, ''].join('\n');
}

async function everyFace(models: TestModels): Promise<Uint8Array[]> {
  const config = loadConfig({ LOG_LEVEL: 'error', INFERENCE_THREADS: '1' });
  return withEmbedder(new RuntimeOptions(config, createLogger(config.log)), async ({ embedder }) => {
    const cut: Uint8Array[] = [];
    for (const number of SAMPLE_NUMBERS) {
      const photo = await samplePhoto(models, number);
      const { faces } = await embedder.embed(photo, `sample ${number}`);
      cut.push(...(await portraits(photo, faces.map(({ box }) => box)))); // prettier-ignore
    }
    return cut;
  });
}
