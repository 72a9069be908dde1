import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { samplePhoto, type TestModels } from '@facelane/testing';
import { SAMPLE_NUMBERS, writePhoto } from './photos.js';

/** Data that is too large for the repository, where it is at hand. */
const SHARED = process.env['FACELANE_SHARED_DIR'] ?? resolve(import.meta.dirname, '../../../shared');

/** Paths of `count` different photos of faces: of LFW where it is at hand, else variants of the samples. */
export async function manyPhotos(models: TestModels, count: number, directory: string): Promise<string[]> {
  const lfw = join(SHARED, 'data', 'lfw-view1');
  return existsSync(lfw) ? photosBelow(lfw, count) : variants(models, count, directory);
}

async function photosBelow(folder: string, count: number): Promise<string[]> {
  const photos: string[] = [];
  for (const person of (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory())) {
    const names = await readdir(join(folder, person.name));
    photos.push(...names.filter((name) => name.endsWith('.jpg')).map((name) => join(folder, person.name, name)));
    if (photos.length >= count) break;
  }
  return photos.slice(0, count);
}

async function variants(models: TestModels, count: number, directory: string): Promise<string[]> {
  const samples = await Promise.all(SAMPLE_NUMBERS.map((number) => samplePhoto(models, number)));
  const paths: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const bytes = await sharp(samples[i % samples.length])
      .resize(600 - i)
      .jpeg()
      .toBuffer();
    paths.push(await writePhoto(join(directory, `variant-${i}.jpg`), bytes));
  }
  return paths;
}
