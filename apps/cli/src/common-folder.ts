import { dirname, sep } from 'node:path';

/** The deepest folder that holds all of the paths. */
export function commonFolder(paths: readonly string[]): string {
  const [first = [], ...rest] = paths.map((path) => dirname(path).split(sep));
  const shared = first.findIndex((name, depth) => rest.some((other) => other[depth] !== name));
  return first.slice(0, shared === -1 ? first.length : shared).join(sep);
}
