import { createReadStream, openAsBlob } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { Facelane, NewJob } from '@facelane/client';
import { UsageError } from '@facelane/contracts';

type JobSource = Pick<NewJob, 'prefix' | 'manifest' | 'expectedItems'>;

const BUCKET_ADDRESS = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/?(.*)$/;
const MANIFEST = /\.(jsonl|ndjson|csv)(\.gz)?$/i;

/** Whether the argument names a list of photos, in a bucket or in a file, and no photo. */
export const isJobSource = (text: string): boolean => text.startsWith('s3://') || MANIFEST.test(text);

/**
 * What a bulk job is to read: a manifest or a prefix of a bucket, or a manifest of this machine, which is uploaded.
 *
 * @throws UsageError for an address or a file that cannot be read
 */
export async function jobSource(api: Facelane, text: string, signal: AbortSignal): Promise<JobSource> {
  if (!text.startsWith('s3://')) return uploaded(api, text, signal);
  const [, bucket, key = ''] = BUCKET_ADDRESS.exec(text) ?? [];
  if (bucket === undefined) {
    throw new UsageError(`${text} is not the address of a bucket.`, 'Name a prefix such as s3://photos/2026/.');
  }
  return MANIFEST.test(key) ? { manifest: { bucket, key } } : { prefix: { bucket, prefix: key } };
}

async function uploaded(api: Facelane, path: string, signal: AbortSignal): Promise<JobSource> {
  const [, kind = '', gz] = MANIFEST.exec(path) ?? [];
  const isCsv = kind.toLowerCase() === 'csv';
  const contentType = gz !== undefined ? 'application/gzip' : isCsv ? 'text/csv' : 'application/x-ndjson';
  try {
    const lines = await countLines(path, gz !== undefined);
    const expectedItems = isCsv ? lines - 1 : lines;
    const manifest = await api.uploads.put(await openAsBlob(path), { contentType }, { signal });
    return { manifest, ...(expectedItems > 0 && { expectedItems }) };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES')))
      throw error;
    throw new UsageError(`${path} cannot be read.`, 'Check the path and its permissions.', { cause: error });
  }
}

/** For the estimate of the end: what a line holds is for the job to say. */
async function countLines(path: string, isGzip: boolean): Promise<number> {
  const file = createReadStream(path);
  const text = isGzip ? file.pipe(createGunzip()) : file;
  // The pipe does not hand an error of the file on.
  file.on('error', (error) => text.destroy(error));
  let lines = 0;
  for await (const line of createInterface({ input: text, crlfDelay: Infinity })) if (line.trim() !== '') lines += 1;
  return lines;
}
