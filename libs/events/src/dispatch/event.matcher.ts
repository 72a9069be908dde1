import {
  type DeliveryJob,
  type FacelaneEvent,
  matchesFilter,
  parseEvent,
  type WebhookEndpointDocument,
} from '@facelane/contracts';
import type { LoggedEvent } from '@facelane/queue';
import { deliveryJobOf } from './delivery.job.js';
import type { EndpointBook } from './endpoint.book.js';
import { factsOf } from './event.facts.js';
import { LaneShare } from './lane.share.js';

/** Clocks of two machines differ by less. */
const SKEW_MS = 60_000;

/** Which events of a tenant go to which of its endpoints. */
export class EventMatcher {
  private readonly lanes = new LaneShare();

  constructor(
    private readonly endpoints: Pick<EndpointBook, 'enabled'>,
    /** Told of an event that is none of this version; it goes nowhere. */
    private readonly onForeign: (eventId: string, error: unknown) => void,
  ) {}

  /** Those of the tenant that are sent something. */
  async endpointsOf(tenant: string): Promise<readonly WebhookEndpointDocument[]> {
    return this.endpoints.enabled(tenant);
  }

  /** A delivery for each event and each of the endpoints that it is for. */
  deliveriesOf(
    tenant: string,
    logged: readonly LoggedEvent[],
    endpoints: readonly WebhookEndpointDocument[],
  ): DeliveryJob[] {
    if (endpoints.length === 0) return [];
    return logged.flatMap(({ id, body }) => {
      const event = this.parse(id, body);
      if (event === undefined) return [];
      return endpoints
        .filter((endpoint) => isFor(endpoint, event))
        .map((endpoint) =>
          deliveryJobOf(
            { id, type: event.type, body },
            { tenant, endpointId: endpoint.id, lane: this.lanes.laneOf(endpoint.id) },
          ),
        );
    });
  }

  private parse(id: string, body: string): FacelaneEvent | undefined {
    try {
      return parseEvent(JSON.parse(body));
    } catch (error) {
      this.onForeign(id, error);
      return undefined;
    }
  }
}

/** An endpoint is sent what happens from its making on: a log that is read from its start has older events too. */
function isFor({ filter, createdAt }: WebhookEndpointDocument, event: FacelaneEvent): boolean {
  return Date.parse(event.timestamp) >= Date.parse(createdAt) - SKEW_MS && matchesFilter(filter, factsOf(event));
}
