import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { LeaseExclusion } from '@facelane/boot';
import { BulkJobsRegistry } from '@facelane/bulk';
import {
  type BulkJobDocument,
  type BulkProgressDocument,
  type MatchJob,
  PIPELINE,
  type ResultDocument,
} from '@facelane/contracts';
import { FsObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { AssetsRegistry, DocumentStore } from '@facelane/registry';

const BUCKET = 'facelane';

/** What a feeder of a program meets, made by hand: a folder as store, a Redis, jobs in both. */
export class BulkPlace {
  readonly jobs: BulkJobsRegistry;
  readonly assets: AssetsRegistry;

  private constructor(
    readonly store: FsObjectStore,
    readonly belt: PipelineBelt<typeof PIPELINE>,
  ) {
    const documents = new DocumentStore(store, new LeaseExclusion(belt.lease));
    this.jobs = new BulkJobsRegistry(documents, store);
    this.assets = new AssetsRegistry(documents);
  }

  static async open(dataDir: string, redisUrl: string): Promise<BulkPlace> {
    const onError = (error: Error): void => void process.stderr.write(`${error.message}\n`);
    const belt = await PipelineBelt.open(PIPELINE, 'worker', { url: redisUrl, onError });
    return new BulkPlace(new FsObjectStore({ root: join(dataDir, 'objects'), bucket: BUCKET }), belt);
  }

  /** A job over a manifest of so many photos that nobody will read. */
  async makeJob(tenant: string, items: number): Promise<BulkJobDocument> {
    const id = randomUUID();
    const key = `tenants/${tenant}/uploads/${id}`;
    await this.store.putStream(key, manifestOf(key, items), { contentType: 'application/x-ndjson' });
    const job: BulkJobDocument = {
      ...{ version: 1, tenant, id, collection: 'bench', contract: 'bench-1', wish: 'run' },
      source: { kind: 'manifest', bucket: BUCKET, key },
      options: { onlyNew: false, weight: 1, window: 200, notify: 'none' },
      createdAt: new Date().toISOString(),
    };
    await this.jobs.create(job);
    return job;
  }

  /** As the last stage would: the feeder looks for it. */
  async writeResult({ tenant, collection, assetId, contract, submittedAt, photo }: MatchJob): Promise<void> {
    const result: ResultDocument = {
      ...{ version: 1, state: 'done', tenant, collection, assetId, contract, submittedAt, photo },
      ...{ faces: [], droppedFaces: 0 },
    };
    await this.assets.writeResult(result);
  }

  async progressOf(job: BulkJobDocument): Promise<BulkProgressDocument> {
    return (await this.jobs.findProgress(job))!;
  }

  async close(): Promise<void> {
    await this.belt.close();
    await this.store.close();
  }
}

/** Lines as a platform would write them, a thousand to a chunk. */
async function* manifestOf(key: string, items: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < items; at += 1_000) {
    const lines = Array.from({ length: Math.min(1_000, items - at) }, (_, n) =>
      JSON.stringify({ key: `${key}-${at + n}`, externalId: `photo-${at + n}` }),
    );
    yield await Promise.resolve(new TextEncoder().encode(`${lines.join('\n')}\n`));
  }
}
