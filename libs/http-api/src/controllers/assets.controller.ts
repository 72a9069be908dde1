import { CROP_SIDE, type DoneResult } from '@facelane/contracts';
import { AssetRemover } from '@facelane/gallery';
import { encodeJpeg } from '@facelane/imaging';
import { CollectionsRegistry, DerivedStore } from '@facelane/registry';
import { Controller, Inject } from '@nestjs/common';
import type { EndpointInput, EndpointOutput } from '../endpoint/define-endpoint.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import * as endpoints from '../endpoints/asset.endpoints.js';
import { ProblemError } from '../problem/problem.error.js';
import { AssetFinder } from '../services/asset.finder.js';
import { AssetIntake } from '../services/asset.intake.js';
import { AssetListing } from '../services/asset.listing.js';
import { CollectionLookup } from '../services/collection.lookup.js';
import { cropOf } from '../services/crop.js';
import { submittedUploadId } from '../services/upload.ids.js';
import { assetSummary, assetView } from '../views/asset.view.js';

/** Photos: submitting, finding, showing and deleting them. */
@Controller()
export class AssetsController {
  constructor(
    @Inject(AssetIntake) private readonly intake: AssetIntake,
    @Inject(AssetFinder) private readonly finder: AssetFinder,
    @Inject(AssetListing) private readonly listing: AssetListing,
    @Inject(AssetRemover) private readonly remover: AssetRemover,
    @Inject(CollectionLookup) private readonly lookup: CollectionLookup,
    @Inject(CollectionsRegistry) private readonly collections: CollectionsRegistry,
    @Inject(DerivedStore) private readonly derived: DerivedStore,
  ) {}

  @Endpoint(endpoints.createAsset)
  async create({
    caller,
    body,
    signal,
    idempotencyKey,
  }: EndpointInput<typeof endpoints.createAsset>): Promise<EndpointOutput<typeof endpoints.createAsset>> {
    const { tenant } = caller;
    const { source: photo, collection: id, contract, ...more } = body;
    const collection = await this.lookup.requireUsable(tenant, id, contract);
    const uploadId = submittedUploadId(tenant, photo, idempotencyKey);
    const { assetId, submittedAt } = await this.intake.accept({ ...more, tenant, collection, photo }, uploadId, signal);
    return { id: assetId, collection: id, state: 'pending', submittedAt };
  }

  @Endpoint(endpoints.listAssets)
  async list({
    caller,
    query,
  }: EndpointInput<typeof endpoints.listAssets>): Promise<EndpointOutput<typeof endpoints.listAssets>> {
    const collection = await this.lookup.require(caller.tenant, query.collection);
    const { items, next } = await this.listing.page(collection, query);
    return { items: items.map(assetSummary), ...(next !== undefined && { next }) };
  }

  @Endpoint(endpoints.getAsset)
  async get({
    caller,
    params,
  }: EndpointInput<typeof endpoints.getAsset>): Promise<EndpointOutput<typeof endpoints.getAsset>> {
    const found = await this.finder.require(caller.tenant, params.asset);
    const collection = await this.collections.find(found.tenant, found.collection);
    return assetView(found, collection ?? {});
  }

  @Endpoint(endpoints.deleteAsset)
  async remove({
    caller,
    params,
  }: EndpointInput<typeof endpoints.deleteAsset>): Promise<EndpointOutput<typeof endpoints.deleteAsset>> {
    const { tenant, collection, assetId } = await this.finder.require(caller.tenant, params.asset);
    const { objects, points, jobs } = await this.remover.remove({ tenant, collection, assetId });
    return { id: assetId, objects, points, jobs };
  }

  @Endpoint(endpoints.getCrop)
  async crop({
    caller,
    params,
    signal,
  }: EndpointInput<typeof endpoints.getCrop>): Promise<EndpointOutput<typeof endpoints.getCrop>> {
    const { result, assetId } = await this.finder.require(caller.tenant, params.asset);
    if (result?.state !== 'done') throw new ProblemError('API.ASSET_UNFINISHED', `Asset ${assetId} is not done.`);
    const pixels = await this.pixelsOf(result, params.face, signal);
    return encodeJpeg({ data: pixels, width: CROP_SIDE, height: CROP_SIDE });
  }

  private async pixelsOf(result: DoneResult, face: number, signal: AbortSignal): Promise<Uint8Array> {
    const { tenant, contract, photo, assetId } = result;
    const missing = (): ProblemError => new ProblemError('API.FACE_MISSING', `Asset ${assetId} has no face ${face}.`);
    if (!result.faces.some(({ index }) => index === face)) throw missing();
    const pixels = cropOf(await this.derived.readCrops(tenant, contract, photo.sha256, signal), face);
    if (pixels === undefined) throw missing();
    return pixels;
  }
}
