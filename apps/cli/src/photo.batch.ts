import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type CollectionDocument,
  type IngestJob,
  PIPELINE,
  type ResultDocument,
  type Source,
} from '@facelane/contracts';
import type { CliContext } from './cli.context.js';
import type { LocalSession } from './local.session.js';
import type { ResultRow } from './output/summary.js';
import { PipelineProgress } from './output/progress/pipeline.progress.js';

/** A photo of the user's, and the person it is a reference of, if it is one. */
export interface LocalPhoto {
  readonly path: string;
  readonly enrolAs?: string;
}

export interface PhotoResult extends LocalPhoto {
  readonly result: ResultDocument;
}

/** A tagged photo, as the outputs show it. */
export interface TaggedPhoto {
  readonly path: string;
  readonly row: ResultRow;
}

/** Sends local photos through the pipeline with a progress bar; results in the order of the photos. */
export async function runBatch(
  context: CliContext,
  local: LocalSession,
  collection: CollectionDocument,
  photos: readonly LocalPhoto[],
): Promise<PhotoResult[]> {
  const jobs = await prepare(local, collection, photos);
  const results = new Map<string, ResultDocument>();
  const progress = new PipelineProgress({
    stages: PIPELINE.order,
    stream: process.stderr,
    mode: context.progress,
    color: context.style.color,
  });
  progress.expect(new Set(jobs.map(({ assetId }) => assetId)).size);
  progress.start();
  try {
    await local.session.process(jobs, {
      signal: context.signal,
      onStep: (stage, outcome) => progress[outcome](stage),
      onResult: (result) => results.set(result.assetId, result),
    });
  } finally {
    progress.stop();
  }
  return photos.map((photo, i) => ({ ...photo, result: results.get(jobs[i]!.assetId)! }));
}

async function prepare(
  { session, privateQueues }: LocalSession,
  { tenant, id, contract }: CollectionDocument,
  photos: readonly LocalPhoto[],
): Promise<IngestJob[]> {
  const sources = privateQueues
    ? photos.map(({ path }): Source => ({ kind: 'file', path }))
    : await Promise.all(photos.map(({ path }) => upload(session, tenant, path)));
  return session.prepare(
    { tenant, collection: id, contract, lane: 'bulk' },
    photos.map(({ enrolAs }, i) => ({ source: sources[i]!, ...(enrolAs !== undefined && { enrolAs }) })),
  );
}

/** Workers elsewhere cannot read this machine's disk: the photo goes to the bucket first, once per content. */
async function upload({ store }: LocalSession['session'], tenant: string, path: string): Promise<Source> {
  const bytes = await readFile(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const key = `tenants/${tenant}/uploads/${sha256}/${basename(path)}`;
  await store.put(key, bytes, { contentType: 'application/octet-stream' });
  return { kind: 'object', bucket: store.bucket, key };
}
