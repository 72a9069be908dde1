import { CollectionRemover } from '@facelane/gallery';
import { CollectionsRegistry } from '@facelane/registry';
import { slugSchema } from '@facelane/contracts';
import { Controller, Inject } from '@nestjs/common';
import type { EndpointInput, EndpointOutput } from '../endpoint/define-endpoint.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import * as endpoints from '../endpoints/collection.endpoints.js';
import { ProblemError } from '../problem/problem.error.js';
import { CollectionLookup } from '../services/collection.lookup.js';
import { Contract } from '../services/contract.facts.js';
import { cursorAfter, readCursor } from '../services/cursor.js';
import { thresholdsOf } from '../services/thresholds.js';
import { collectionView } from '../views/collection.view.js';

const LIST = 'collections';

/** Galleries: settings, and the model contract that each is pinned to. */
@Controller()
export class CollectionsController {
  constructor(
    @Inject(CollectionsRegistry) private readonly collections: CollectionsRegistry,
    @Inject(CollectionLookup) private readonly lookup: CollectionLookup,
    @Inject(CollectionRemover) private readonly remover: CollectionRemover,
    @Inject(Contract) private readonly contract: Contract,
  ) {}

  @Endpoint(endpoints.createCollection)
  async create({
    caller,
    body,
  }: EndpointInput<typeof endpoints.createCollection>): Promise<EndpointOutput<typeof endpoints.createCollection>> {
    const { id, contract = this.contract.id, thresholds = {}, ...settings } = body;
    this.lookup.requireContract(contract, 'This deployment', this.contract.id);
    const created = await this.collections.create({
      ...settings,
      ...{ tenant: caller.tenant, id, contract },
      thresholds: thresholdsOf(thresholds, this.contract),
    });
    if (created.outcome === 'created') return collectionView(created.collection);
    throw new ProblemError('API.COLLECTION_EXISTS', `There is a collection ${id} already.`);
  }

  @Endpoint(endpoints.listCollections)
  async list({
    caller,
    query,
  }: EndpointInput<typeof endpoints.listCollections>): Promise<EndpointOutput<typeof endpoints.listCollections>> {
    const after = readCursor(query.cursor, LIST, slugSchema);
    const { items, next } = await this.collections.page(caller.tenant, { after, limit: query.limit });
    return { items: items.map(collectionView), ...(next !== undefined && { next: cursorAfter(LIST, next) }) };
  }

  @Endpoint(endpoints.getCollection)
  async get({
    caller,
    params,
  }: EndpointInput<typeof endpoints.getCollection>): Promise<EndpointOutput<typeof endpoints.getCollection>> {
    return collectionView(await this.lookup.require(caller.tenant, params.collection));
  }

  @Endpoint(endpoints.updateCollection)
  async update({
    caller,
    params,
    body,
  }: EndpointInput<typeof endpoints.updateCollection>): Promise<EndpointOutput<typeof endpoints.updateCollection>> {
    const { thresholds, ...settings } = body;
    const changed = await this.collections.update(caller.tenant, params.collection, {
      ...settings,
      ...(thresholds && { thresholds: (present) => thresholdsOf(thresholds, this.contract, present) }),
    });
    if (changed !== undefined) return collectionView(changed);
    throw new ProblemError('API.COLLECTION_MISSING', `There is no collection ${params.collection}.`);
  }

  @Endpoint(endpoints.deleteCollection)
  async remove({
    caller,
    params,
  }: EndpointInput<typeof endpoints.deleteCollection>): Promise<EndpointOutput<typeof endpoints.deleteCollection>> {
    await this.lookup.require(caller.tenant, params.collection);
    return this.remover.remove(caller.tenant, params.collection);
  }
}
