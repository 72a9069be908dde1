import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cropJpeg, type PixelBox } from '@facelane/imaging';
import type { FacelaneSession } from '@facelane/runtime';
import { samplePhoto, type TestModels } from '@facelane/testing';
import sharp from 'sharp';

/** Faces that the default models find in sample photos 1 to 6. */
export const SAMPLE_FACES = [3, 3, 3, 4, 5, 4] as const;

export const SAMPLE_NUMBERS = [1, 2, 3, 4, 5, 6] as const;

/** Writes the sample photos as files; their paths, in order. */
export async function writeSamples(models: TestModels, directory: string): Promise<string[]> {
  return Promise.all(
    SAMPLE_NUMBERS.map(async (number) =>
      writePhoto(join(directory, `sample-${number}.jpg`), await samplePhoto(models, number)),
    ),
  );
}

export async function writePhoto(path: string, bytes: Uint8Array | string): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

/** One portrait per face of the photo, left to right: the face with as much around it as a passport photo has. */
export async function cutOutFaces(session: FacelaneSession, photo: Uint8Array): Promise<Uint8Array[]> {
  const { faces } = await session.embed(photo, 'the photo to cut out of');
  return portraits(
    photo,
    faces.map(({ box }) => box),
  );
}

/** The same for boxes that somebody else has found. */
export async function portraits(photo: Uint8Array, boxes: readonly PixelBox[]): Promise<Uint8Array[]> {
  return Promise.all(
    [...boxes]
      .sort((a, b) => a.x - b.x)
      .map((box) => {
        const side = 2 * Math.max(box.width, box.height);
        const x = box.x + (box.width - side) / 2;
        const y = box.y + (box.height - side) / 2;
        return cropJpeg(photo, { x, y, width: side, height: side }, Math.round(Math.min(side, 800)));
      }),
  );
}

/** The same photo, so many pixels wide. */
export const scaled = async (photo: Uint8Array, width: number): Promise<Uint8Array> =>
  new Uint8Array(await sharp(photo).resize(width).jpeg({ quality: 95 }).toBuffer());
