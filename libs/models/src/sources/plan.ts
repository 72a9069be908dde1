import type { Fetcher, WantedFile } from './fetcher.js';
import { fetchFromFile } from './file.source.js';
import { fetchFromWeb } from './web.source.js';
import { fetchFromNpm, packageSpec } from './npm.source.js';
import { parseSource } from './source.js';

/** One trip to one origin. */
export interface Fetch {
  /** What is fetched, for messages. */
  readonly origin: string;
  readonly fetcher: Fetcher;
  readonly files: readonly WantedFile[];
}

/** Groups files by origin, so that a tarball is fetched once for all files in it, and each source once. */
export function planFetches(files: readonly WantedFile[]): Fetch[] {
  const groups = new Map<string, WantedFile[]>();
  const sources = new Map(files.map((file) => [file.source, file]));
  for (const file of sources.values()) groups.set(originOf(file), [...(groups.get(originOf(file)) ?? []), file]);
  return [...groups].map(([origin, group]) => ({ origin, fetcher: fetcherOf(group[0]!), files: group }));
}

const originOf = (file: WantedFile): string =>
  parseSource(file.source).kind === 'npm' ? packageSpec(file) : file.source;

function fetcherOf(file: WantedFile): Fetcher {
  const { kind } = parseSource(file.source);
  switch (kind) {
    case 'npm':
      return fetchFromNpm;
    case 'web':
      return fetchFromWeb;
    case 'file':
      return fetchFromFile;
    case 'build':
      throw new TypeError(`${file.source} is made of other files, and fetched by those.`);
  }
}
