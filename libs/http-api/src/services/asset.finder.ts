import type { AssetDocument, IngestJob, PIPELINE, ResultDocument } from '@facelane/contracts';
import type { BeltPlace, StageQueues } from '@facelane/queue';
import type { AssetsRegistry, CollectionsRegistry, IntakeRegistry } from '@facelane/registry';
import { ProblemError } from '../problem/problem.error.js';

/** All that is known of an asset now. */
export interface FoundAsset {
  readonly tenant: string;
  readonly collection: string;
  readonly assetId: string;
  /** Where on the belt it is; absent: on none. */
  readonly place?: BeltPlace;
  /** Since it was ingested. */
  readonly document?: AssetDocument;
  /** The job that was accepted, when the API did so. */
  readonly intake?: IngestJob;
  /** Of its latest run that has ended. */
  readonly result?: ResultDocument;
}

/** Collections asked at once for an asset that only the store knows. */
const AT_ONCE = 16;

/** Finds an asset by its id alone. */
export class AssetFinder {
  constructor(
    private readonly assets: AssetsRegistry,
    private readonly intakes: IntakeRegistry,
    private readonly collections: CollectionsRegistry,
    private readonly queues: StageQueues<typeof PIPELINE>,
  ) {}

  /** @throws ProblemError API.ASSET_MISSING, also for an asset of another tenant. */
  async require(tenant: string, assetId: string): Promise<FoundAsset> {
    const [intake, place] = await Promise.all([this.intakes.find(tenant, assetId), this.placeOf(tenant, assetId)]);
    const collection = intake?.collection ?? place?.collection ?? (await this.searchCollections(tenant, assetId));
    const found = collection === undefined ? undefined : await this.read(tenant, collection, assetId);
    if (collection === undefined || (found?.document ?? intake ?? place ?? found?.result) === undefined) {
      throw new ProblemError('API.ASSET_MISSING', `There is no asset ${assetId}.`);
    }
    return {
      ...{ tenant, collection, assetId, ...found },
      ...(place !== undefined && { place: place.place }),
      ...(intake !== undefined && { intake }),
    };
  }

  /** Records of an asset whose collection is known. One that failed at ingest has no document, so its job is read. */
  async read(
    tenant: string,
    collection: string,
    assetId: string,
  ): Promise<Pick<FoundAsset, 'document' | 'result' | 'intake'>> {
    const key = { tenant, collection, assetId };
    const [document, result] = await Promise.all([this.assets.findAsset(key), this.assets.findResult(key)]);
    if (document !== undefined) return { document, ...(result !== undefined && { result }) };
    if (result === undefined) return {};
    const intake = await this.intakes.find(tenant, assetId);
    return { result, ...(intake !== undefined && { intake }) };
  }

  /** Before anything is written, the job is all there is. */
  private async placeOf(
    tenant: string,
    assetId: string,
  ): Promise<{ place: BeltPlace; collection: string } | undefined> {
    const place = await this.queues.locate(assetId);
    const { tenant: owner, collection } = (place?.data ?? {}) as { tenant?: unknown; collection?: unknown };
    return place !== undefined && owner === tenant && typeof collection === 'string'
      ? { place, collection }
      : undefined;
  }

  /** Assets that came in by other ways than this API name their collection nowhere but in their key. */
  private async searchCollections(tenant: string, assetId: string): Promise<string | undefined> {
    const page: string[] = [];
    const look = async (): Promise<string | undefined> => {
      const ids = page.splice(0);
      const found = await Promise.all(ids.map((collection) => this.read(tenant, collection, assetId)));
      return found.map(({ document, result }) => document ?? result).find((record) => record !== undefined)?.collection;
    };
    for await (const { id } of this.collections.list(tenant)) {
      page.push(id);
      const found = page.length === AT_ONCE ? await look() : undefined;
      if (found !== undefined) return found;
    }
    return look();
  }
}
