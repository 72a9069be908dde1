import { callBase, type CallOptions, type Connection } from '../connection.js';
import {
  createCollection,
  deleteCollection,
  getCollection,
  listCollections,
  updateCollection,
} from '../generated/sdk.gen.js';
import type { Collection, CollectionChanges, NewCollection, RemovedCollection } from '../generated/types.gen.js';
import { type Listing, listing } from '../listing.js';
import type { PageQuery } from './page.query.js';

/** Collections: galleries of people, and of the photos that are compared with them. */
export class CollectionOperations {
  constructor(private readonly connection: Connection) {}

  create(collection: NewCollection, options?: CallOptions): Promise<Collection> {
    return createCollection({ ...callBase(this.connection, options), body: collection });
  }

  get(collection: string, options?: CallOptions): Promise<Collection> {
    return getCollection({ ...callBase(this.connection, options), path: { collection } });
  }

  /** By id. */
  list(query: PageQuery = {}, options?: CallOptions): Listing<Collection> {
    return listing((cursor) =>
      listCollections({
        ...callBase(this.connection, options),
        query: cursor === undefined ? query : { ...query, cursor },
      }),
    );
  }

  /** Changes what is named; decisions made before stay as they are. */
  update(collection: string, changes: CollectionChanges, options?: CallOptions): Promise<Collection> {
    return updateCollection({ ...callBase(this.connection, options), path: { collection }, body: changes });
  }

  /** Deletes a collection with its people and photos. Returns when everything is gone. */
  delete(collection: string, options?: CallOptions): Promise<RemovedCollection> {
    return deleteCollection({ ...callBase(this.connection, options), path: { collection } });
  }
}
