import { access, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '@facelane/contracts';
import { type LfwPair, lfwPath, parseLfwPairs } from './lfw.pairs.js';

export type LfwLists =
  | { readonly kind: 'ten-fold'; readonly folds: readonly LfwPair[][] }
  | { readonly kind: 'development-view'; readonly train: readonly LfwPair[]; readonly test: readonly LfwPair[] };

/** Reads the pair lists of an LFW folder: pairs.txt where there is one, else pairsDevTrain.txt and pairsDevTest.txt. */
export async function readLfwLists(directory: string): Promise<LfwLists> {
  if (!(await stat(directory).catch(() => undefined))?.isDirectory()) {
    throw new UsageError(`${directory} is not a folder.`, 'Name the folder that holds the unpacked LFW photos.');
  }
  const view2 = await pairsIn(join(directory, 'pairs.txt'));
  if (view2 !== undefined) return { kind: 'ten-fold', folds: view2 };
  const train = await pairsIn(join(directory, 'pairsDevTrain.txt'));
  const test = await pairsIn(join(directory, 'pairsDevTest.txt'));
  if (train === undefined || test === undefined) {
    throw new UsageError(
      `${directory} holds neither pairs.txt nor pairsDevTrain.txt and pairsDevTest.txt.`,
      "Put LFW's pair lists beside the folders of the people.",
    );
  }
  return { kind: 'development-view', train: train.flat(), test: test.flat() };
}

/** Every photo the lists name, once. */
export function photosOf(lists: LfwLists): string[] {
  const pairs = lists.kind === 'ten-fold' ? lists.folds.flat() : [...lists.train, ...lists.test];
  return [...new Set(pairs.flatMap(({ first, second }) => [lfwPath(first), lfwPath(second)]))].sort();
}

/** @throws UsageError naming the first photo of the lists that is not there, and how many more. */
export async function requirePhotos(directory: string, paths: readonly string[]): Promise<void> {
  const missing: string[] = [];
  for (const path of paths) {
    const isThere = await access(join(directory, path)).then(
      () => true,
      () => false,
    );
    if (!isThere) missing.push(path);
  }
  if (missing.length === 0) return;
  const more = missing.length > 1 ? ` and ${missing.length - 1} more photos` : '';
  throw new UsageError(
    `The pair lists in ${directory} name ${missing[0]}${more}, which cannot be read.`,
    'Unpack all photos of the data set beside the lists, one folder per person.',
  );
}

async function pairsIn(path: string): Promise<LfwPair[][] | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return parseLfwPairs(text);
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`, 'Fetch the list again from the data set.', {
      cause: error,
    });
  }
}
