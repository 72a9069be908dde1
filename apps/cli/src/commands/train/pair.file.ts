import { readFile } from 'node:fs/promises';
import { UsageError } from '@facelane/contracts';
import { lfwPath, parseLfwPairs } from '@facelane/evaluation';

export interface PhotoPair {
  /** Paths as the file names them. */
  readonly first: string;
  readonly second: string;
  /** Whether both are of one person. */
  readonly same: boolean;
}

/**
 * Pairs of photos: a list as LFW has them, which begins with a count, or a line `photo,photo,1` for each pair of one person and
 * `photo,photo,0` of two.
 *
 * @throws UsageError naming the line that does not fit.
 */
export async function readPairFile(path: string): Promise<PhotoPair[]> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`The pairs ${path} cannot be read.`, 'Check the path and its permissions.', { cause });
  });
  if (/^\s*\d+(\s+\d+)?\s*$/.test(text.split('\n')[0] ?? '')) return lfwPairs(path, text);
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.map((line, at) => {
    const [first = '', second = '', same = '', ...more] = line.split(',').map((field) => field.trim());
    if (first !== '' && second !== '' && (same === '0' || same === '1') && more.length === 0) {
      return { first, second, same: same === '1' };
    }
    throw new UsageError(
      `Line ${at + 1} of ${path} is no pair: "${line}".`,
      'Write photo,photo,1 for two photos of one person and photo,photo,0 for those of two.',
    );
  });
}

function lfwPairs(path: string, text: string): PhotoPair[] {
  try {
    return parseLfwPairs(text)
      .flat()
      .map(({ first, second, same }) => ({ first: lfwPath(first), second: lfwPath(second), same }));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UsageError(`${path}: ${cause.message}`, 'Correct the list, or take the published one.', { cause });
  }
}
