import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { annotatePhoto } from '@facelane/imaging';
import type { PhotoResult } from '../photo.batch.js';
import { annotationsOf } from './face.view.js';
import { writeWhole } from './write-whole.js';

/** Photos drawn at a time: each holds its pixels in memory. */
const AT_ONCE = 2;

/**
 * Writes every photo that was read, with its boxes and names, below `directory`; photos keep their folders below what
 * they have in common. Returns how many.
 */
export async function annotateResults(
  directory: string,
  results: readonly PhotoResult[],
  signal: AbortSignal,
): Promise<number> {
  const queue = results.filter(({ result }) => result.state === 'done');
  const total = queue.length;
  const common = commonFolder(queue.map(({ path }) => path));
  const lane = async (): Promise<void> => {
    for (let photo = queue.shift(); photo !== undefined; photo = queue.shift()) {
      signal.throwIfAborted();
      if (photo.result.state !== 'done') continue;
      const drawn = await annotatePhoto(await readFile(photo.path), annotationsOf(photo.result), {
        subject: basename(photo.path),
      });
      const name = relative(common, photo.path);
      await writeWhole(join(directory, name.slice(0, name.length - extname(name).length) + '.jpg'), drawn);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return total;
}

function commonFolder(paths: readonly string[]): string {
  const [first = [], ...rest] = paths.map((path) => dirname(path).split(sep));
  const shared = first.findIndex((name, depth) => rest.some((other) => other[depth] !== name));
  return first.slice(0, shared === -1 ? first.length : shared).join(sep);
}
