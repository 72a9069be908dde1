import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AssetDocument, type CollectionDocument, type IngestJob, PIPELINE } from '@facelane/contracts';
import { EmbeddedFaceIndex, type FaceIndex } from '@facelane/face-index';
import { PipelineBelt } from '@facelane/queue';
import { AssetsRegistry, CollectionsRegistry, IntakeRegistry } from '@facelane/registry';
import { startRedis } from '@facelane/testing';
import { openDocuments } from '../../../registry/src/testing/document-stores.js';
import { AssetFinder } from '../services/asset.finder.js';
import { COLLECTION, CONTRACT, photoFacts, TENANT } from './documents.js';

/** What a job, and with it the document, says of an asset beside its id. */
export type Submission = Partial<Pick<IngestJob, 'tags' | 'externalId' | 'submittedAt' | 'tenant' | 'collection'>>;

export const jobOf = (assetId: string, submission: Submission = {}): IngestJob => ({
  ...{ tenant: TENANT, collection: COLLECTION, assetId, contract: CONTRACT, lane: 'interactive' },
  ...{ intent: { kind: 'identify' }, source: { kind: 'object', bucket: 'media', key: `${assetId}.jpg` } },
  submittedAt: '2026-06-01T00:00:00.000Z',
  ...submission,
});

export function documentOf(assetId: string, submission: Submission = {}): AssetDocument {
  const { tenant, collection, contract, source, intent, submittedAt, externalId, tags } = jobOf(assetId, submission);
  return {
    ...{ version: 1, tenant, collection, id: assetId, contract, source, intent, photo: photoFacts, submittedAt },
    ...(externalId !== undefined && { externalId }),
    ...(tags !== undefined && { tags }),
  };
}

/** Everything that knows of assets, on a store, an index and a Redis of its own. */
export class AssetShelf {
  private constructor(
    readonly assets: AssetsRegistry,
    readonly intakes: IntakeRegistry,
    readonly collections: CollectionsRegistry,
    readonly index: FaceIndex,
    readonly belt: PipelineBelt<typeof PIPELINE>,
    readonly close: () => Promise<void>,
  ) {}

  static async open(): Promise<AssetShelf> {
    const dir = await mkdtemp(join(tmpdir(), 'facelane-shelf-'));
    const [opened, redis] = await Promise.all([openDocuments('fs'), startRedis()]);
    const { documents } = opened;
    const index = new EmbeddedFaceIndex({ file: join(dir, 'faces.db') });
    const belt = await PipelineBelt.open(PIPELINE, 'producer', { url: redis.url, onError: () => undefined });
    return new AssetShelf(
      new AssetsRegistry(documents),
      new IntakeRegistry(documents),
      new CollectionsRegistry(documents),
      ...([index, belt] as const),
      async () => {
        await Promise.all([belt.close(), index.close(), opened.close()]);
        await Promise.all([redis.stop(), rm(dir, { recursive: true, force: true })]);
      },
    );
  }

  get finder(): AssetFinder {
    return new AssetFinder(this.assets, this.intakes, this.collections, this.belt.queues);
  }

  async collection(id: string, tenant: string = TENANT): Promise<CollectionDocument> {
    const thresholds = { match: { cosine: 0.4 }, review: { cosine: 0.3 } };
    return (await this.collections.create({ tenant, id, contract: CONTRACT, thresholds })).collection;
  }
}
