import { callBase, type CallOptions, type Connection } from '../connection.js';
import { createKey, listKeys, revokeKey } from '../generated/sdk.gen.js';
import type { CreatedKey, Key, NewKey } from '../generated/types.gen.js';
import { type Listing, listing } from '../listing.js';

/** API keys of the tenant. */
export class KeyOperations {
  constructor(private readonly connection: Connection) {}

  /** The key is shown in this answer and never again. */
  create(key: NewKey, options?: CallOptions): Promise<CreatedKey> {
    return createKey({ ...callBase(this.connection, options), body: key });
  }

  /** All keys, revoked ones too. */
  list(options?: CallOptions): Listing<Key> {
    return listing(() => listKeys(callBase(this.connection, options)));
  }

  /** @param key - id of the key */
  revoke(key: string, options?: CallOptions): Promise<Key> {
    return revokeKey({ ...callBase(this.connection, options), path: { key } });
  }
}
