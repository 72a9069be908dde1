import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const WORKER = join('worker', 'inference.worker');

/**
 * Path of the worker's compiled file. Threads load plain JavaScript: when this module runs from TypeScript source
 * (under vitest), the worker is taken from dist/, which the build keeps in step.
 */
export function workerEntry(): string {
  const here = fileURLToPath(import.meta.url);
  const room = dirname(dirname(here));
  if (here.endsWith('.js')) return join(room, `${WORKER}.js`);
  const root = room.slice(0, room.lastIndexOf(join(sep, 'libs', 'inference')));
  return join(root, 'dist', 'libs', 'inference', 'src', `${WORKER}.js`);
}
