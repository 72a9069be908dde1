import { readFile } from 'node:fs/promises';
import { UsageError } from '@facelane/contracts';

/** @throws UsageError */
export async function readPhoto(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: unknown) => {
    throw new UsageError(`${path} cannot be read.`, 'Check the path and its permissions.', { cause: error });
  });
}
