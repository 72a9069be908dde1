import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cropJpeg } from '@facelane/imaging';
import type { CalibrationReport } from '@facelane/evaluation';
import type { EmbeddedFile } from '../photos/embed.photos.js';

/** Side of a picture, pixels. */
const SIDE = 160;
/** Of the face's box, so that hair and chin are seen. */
const ROOM = 1.5;

/** Pictures by path, for every photo of a pair that the report names; one that is gone by now has none. */
export async function cropFaces(
  root: string,
  files: readonly EmbeddedFile[],
  { confusable }: CalibrationReport,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const faces = new Map(files.map(({ path, face }) => [path, face]));
  const pairs = [...confusable.genuine, ...confusable.impostor];
  const pictures = new Map<string, Uint8Array>();
  for (const path of new Set(pairs.flatMap(({ first, second }) => [first.path, second.path]))) {
    const box = faces.get(path)?.box;
    const picture = box && (await cropOf(join(root, path), box).catch(() => undefined));
    if (picture !== undefined) pictures.set(path, picture);
  }
  return pictures;
}

async function cropOf(
  path: string,
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): Promise<Uint8Array> {
  const side = ROOM * Math.max(width, height);
  const square = { x: x + (width - side) / 2, y: y + (height - side) / 2, width: side, height: side };
  return cropJpeg(await readFile(path), square, SIDE);
}
