import { readFile } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';
import { annotatePhoto } from '@facelane/imaging';
import { commonFolder } from '../common-folder.js';
import type { TaggedPhoto } from '../photo.batch.js';
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
  photos: readonly TaggedPhoto[],
  signal: AbortSignal,
): Promise<number> {
  const queue = photos.filter(({ row }) => row.result.state === 'done');
  const total = queue.length;
  const common = commonFolder(queue.map(({ path }) => path));
  const lane = async (): Promise<void> => {
    for (let photo = queue.shift(); photo !== undefined; photo = queue.shift()) {
      signal.throwIfAborted();
      if (photo.row.result.state !== 'done') continue;
      const drawn = await annotatePhoto(await readFile(photo.path), annotationsOf(photo.row.result), {
        subject: basename(photo.path),
      });
      const name = relative(common, photo.path);
      await writeWhole(join(directory, name.slice(0, name.length - extname(name).length) + '.jpg'), drawn);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return total;
}
