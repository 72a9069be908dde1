import { callBase, type CallOptions, type Connection } from '../connection.js';
import { live, ready, whoAmI } from '../generated/sdk.gen.js';
import type { LiveResponse, Me, Readiness } from '../generated/types.gen.js';

/** The deployment itself. */
export class SystemOperations {
  constructor(private readonly connection: Connection) {}

  /** Whom the key belongs to, and which models the deployment runs. */
  whoAmI(options?: CallOptions): Promise<Me> {
    return whoAmI(callBase(this.connection, options));
  }

  /** The process runs. Asked once. */
  live(options?: CallOptions): Promise<LiveResponse> {
    return live({ ...callBase(this.connection, options), fetch: this.connection.fetch.never });
  }

  /** Every server behind the API answers. Asked once; throws a problem whose `document.checks` says which does not. */
  ready(options?: CallOptions): Promise<Readiness> {
    return ready({ ...callBase(this.connection, options), fetch: this.connection.fetch.never });
  }
}
