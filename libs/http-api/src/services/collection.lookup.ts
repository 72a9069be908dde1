import type { CollectionDocument } from '@facelane/contracts';
import type { CollectionsRegistry } from '@facelane/registry';
import { ProblemError } from '../problem/problem.error.js';
import type { Contract } from './contract.facts.js';

/** Collections as requests name them. */
export class CollectionLookup {
  constructor(
    private readonly collections: Pick<CollectionsRegistry, 'find'>,
    private readonly contract: Contract,
  ) {}

  /** @throws ProblemError API.COLLECTION_MISSING */
  async require(tenant: string, id: string): Promise<CollectionDocument> {
    const collection = await this.collections.find(tenant, id);
    if (collection !== undefined) return collection;
    throw new ProblemError('API.COLLECTION_MISSING', `There is no collection ${id}.`);
  }

  /**
   * A collection whose vectors this deployment can make and compare.
   *
   * @param asked contract that the caller counts on, if he says so.
   * @throws ProblemError API.COLLECTION_MISSING, API.CONTRACT_MISMATCH
   */
  async requireUsable(tenant: string, id: string, asked?: string): Promise<CollectionDocument> {
    const collection = await this.require(tenant, id);
    this.requireContract(asked ?? collection.contract, `Collection ${id}`, collection.contract);
    this.requireContract(this.contract.id, `Collection ${id}`, collection.contract);
    return collection;
  }

  /** @throws ProblemError API.CONTRACT_MISMATCH */
  requireContract(asked: string, what: string, pinned: string): void {
    if (asked === pinned) return;
    throw new ProblemError('API.CONTRACT_MISMATCH', `${what} works with model contract ${pinned}, not with ${asked}.`);
  }
}
