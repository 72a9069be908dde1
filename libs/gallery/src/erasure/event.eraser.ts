import type { EventOutbox } from '@facelane/registry';
import type { ErasurePlace } from './erasure.place.js';

/** Takes what was told of people out of the log of events, where it could be read for as long as the log keeps it. */
export class EventEraser implements ErasurePlace {
  readonly counted = 'events';

  constructor(private readonly outbox: Pick<EventOutbox, 'forget'>) {}

  /** The log is the tenant's; ids of people are unique across his collections. */
  async erase({ tenant }: { readonly tenant: string }, people: ReadonlySet<string>): Promise<number> {
    return this.outbox.forget(tenant, people);
  }
}
