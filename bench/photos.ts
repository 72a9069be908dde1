import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cropJpeg, inspectImage } from '@facelane/imaging';
import { requireModels, samplePhoto } from '@facelane/testing';

export interface BenchPhotos {
  readonly what: string;
  readonly paths: readonly string[];
}

/**
 * Photos to measure on: those of a folder, or else cut-outs of the sample photos, every one different, so that
 * nothing is recognised as a duplicate.
 */
export async function findBenchPhotos(folder: string | undefined, count: number, work: string): Promise<BenchPhotos> {
  if (folder === undefined)
    return { what: '640 × 640 cut-outs of the sample photos', paths: await cutOuts(count, work) };
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.jpe?g$/i.test(entry.name))
    .map((entry) => resolve(entry.parentPath, entry.name))
    .sort();
  // Spread over the folder, so that not all are of the first few people.
  const step = Math.max(1, Math.floor(paths.length / count));
  return { what: `photos of ${folder}`, paths: paths.filter((_, i) => i % step === 0).slice(0, count) };
}

async function cutOuts(count: number, work: string): Promise<string[]> {
  const models = await requireModels();
  const samples = await Promise.all([1, 2, 3, 4, 5, 6].map((number) => samplePhoto(models, number)));
  await mkdir(work, { recursive: true });
  const paths: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const bytes = samples[i % samples.length]!;
    const { width, height } = await inspectImage(bytes);
    const side = Math.round(Math.min(width, height) * (0.6 + (0.4 * ((i * 7) % 11)) / 11));
    const box = {
      x: (((i * 37) % 101) / 101) * (width - side),
      y: (((i * 17) % 53) / 53) * (height - side),
      width: side,
      height: side,
    };
    const path = join(work, `${i}.jpg`);
    await writeFile(path, await cropJpeg(bytes, box, 640));
    paths.push(path);
  }
  return paths;
}

export const readPhoto = (path: string): Promise<Uint8Array> => readFile(path);
