import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, loadConfig } from '@facelane/config';
import type { CollectionDocument, DoneResult, IngestJob, ResultDocument } from '@facelane/contracts';
import type { StageRun } from '@facelane/queue';
import { FacelaneSession, RuntimeOptions } from '@facelane/runtime';
import type { SubmittedPhoto } from '@facelane/submission';
import { createLogger } from '@facelane/telemetry';
import type { S3Server } from '@facelane/testing';

export const TENANT = 'acme';

export interface ProductOptions {
  readonly redisUrl: string;
  /** Where it keeps its data. Default: a fresh folder that goes with it. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The whole product in this process, as a user's configuration would start it. */
export interface Product {
  readonly session: FacelaneSession;
  readonly config: Config;
  readonly dataDir: string;
  /** Every run of every stage in this product, in the order of ending. */
  readonly runs: readonly StageRun[];
  collection(id: string): Promise<CollectionDocument>;
  /** Sends photos through the pipeline; their results by asset id. Photos as jobs are submitted exactly as before. */
  process(collection: string, photos: readonly SubmittedPhoto[] | readonly IngestJob[]): Promise<ProcessedPhoto[]>;
  close(): Promise<void>;
}

export interface ProcessedPhoto {
  readonly job: IngestJob;
  readonly result: ResultDocument;
}

/** Nothing of the test's own environment reaches it. */
export async function openProduct({ redisUrl, dataDir, env }: ProductOptions): Promise<Product> {
  const dir = dataDir ?? (await mkdtemp(join(tmpdir(), 'facelane-product-')));
  const config = loadConfig({ DATA_DIR: dir, REDIS_URL: redisUrl, SOURCE_FILE_ROOTS: tmpdir(), ...env });
  const runs: StageRun[] = [];
  const log = createLogger({ level: 'silent', format: 'json' });
  const session = await FacelaneSession.open(new RuntimeOptions(config, log, (run) => void runs.push(run)));
  const prepare = (collection: string, photos: readonly SubmittedPhoto[]): IngestJob[] =>
    session.prepare({ tenant: TENANT, collection, contract: session.contract, lane: 'interactive' }, photos);
  return {
    session,
    config,
    dataDir: dir,
    runs,
    collection: (id) => session.ensureCollection(TENANT, id),
    process: async (collection, photos) => {
      const jobs = areJobs(photos) ? photos : prepare(collection, photos);
      const results = new Map<string, ResultDocument>();
      await session.process(jobs, { onResult: (result) => void results.set(result.assetId, result) });
      return jobs.map((job) => ({ job, result: existing(results.get(job.assetId), job.assetId) }));
    },
    close: async () => {
      await session.close();
      if (dataDir === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Settings of the S3 driver; `endpoint` may be that of a proxy in front of the server. */
export const s3Settings = (server: S3Server, endpoint = server.endpoint): Record<string, string> => ({
  S3_ENDPOINT: endpoint,
  S3_BUCKET: server.bucket,
  S3_ACCESS_KEY_ID: server.credentials.accessKeyId,
  S3_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
});

export function done(result: ResultDocument): DoneResult {
  if (result.state === 'done') return result;
  throw new Error(`The asset failed with ${result.failure.code}: ${result.failure.message}`);
}

const areJobs = (photos: readonly SubmittedPhoto[] | readonly IngestJob[]): photos is readonly IngestJob[] =>
  photos[0] !== undefined && 'assetId' in photos[0];

function existing(result: ResultDocument | undefined, assetId: string): ResultDocument {
  if (result === undefined) throw new Error(`Asset ${assetId} ended without a result document of this run.`);
  return result;
}
