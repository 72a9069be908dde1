import { type DeliveryJob, matchesFilter, MOST_TOGETHER, type WebhookEndpointDocument } from '@facelane/contracts';
import type { LoggedEvent } from '@facelane/queue';
import { deliveryJobOf, firstDeliveriesOf, type SentEvent } from './delivery.job.js';
import type { EndpointBook } from './endpoint.book.js';
import { type EventNotice, readNotice } from './event.notice.js';
import { LaneShare } from './lane.share.js';

/** Clocks of two machines differ by less. */
const SKEW_MS = 60_000;

/** Which events of a tenant go to which of its endpoints. */
export class EventMatcher {
  private readonly lanes = new LaneShare();

  constructor(
    private readonly endpoints: Pick<EndpointBook, 'enabled'>,
    /** Told of what cannot be read as an event; it goes nowhere. */
    private readonly onUnreadable: (eventId: string, error: unknown) => void,
  ) {}

  /** Those of the tenant that are sent something. */
  async endpointsOf(tenant: string): Promise<readonly WebhookEndpointDocument[]> {
    return this.endpoints.enabled(tenant);
  }

  /** Jobs that deliver each event to each of the endpoints that it is for. */
  deliveriesOf(logged: readonly LoggedEvent[], endpoints: readonly WebhookEndpointDocument[]): DeliveryJob[] {
    if (endpoints.length === 0) return [];
    const events = logged.flatMap(({ id, body }) => {
      const notice = this.read(id, body);
      return notice === undefined ? [] : [{ notice, sent: { id, type: notice.facts.type, body } }];
    });
    return endpoints.flatMap((endpoint) => {
      const its = events.filter(({ notice }) => isFor(endpoint, notice));
      return this.jobsOf(
        endpoint,
        its.map(({ sent }) => sent),
      );
    });
  }

  /** As few as leave none of the endpoint's turns idle. */
  private jobsOf(endpoint: WebhookEndpointDocument, events: readonly SentEvent[]): DeliveryJob[] {
    const { tenant, id: endpointId } = endpoint;
    const most = mostTogether(endpoint, events.length);
    const byLane = { interactive: [] as SentEvent[], bulk: [] as SentEvent[] };
    const now = Date.now();
    for (const event of events) byLane[this.lanes.laneOf(endpointId, now)].push(event);
    return (['interactive', 'bulk'] as const).flatMap((lane) =>
      chunks(byLane[lane], most).map((some) => {
        const wish = { tenant, endpointId, lane };
        const [only, ...others] = some;
        if (only !== undefined && others.length === 0) return deliveryJobOf(only, wish);
        return firstDeliveriesOf(
          some.map(({ id }) => id),
          wish,
        );
      }),
    );
  }

  private read(id: string, body: string): EventNotice | undefined {
    try {
      return readNotice(body);
    } catch (error) {
      this.onUnreadable(id, error);
      return undefined;
    }
  }
}

/** An endpoint is sent what happens from its making on: a log that is read from its start has older events too. */
function isFor({ filter, createdAt }: WebhookEndpointDocument, { at, facts }: EventNotice): boolean {
  return at >= Date.parse(createdAt) - SKEW_MS && matchesFilter(filter, facts);
}

/** How many of so many events go in one turn. A rate is counted by the turn. */
function mostTogether({ ratePerSecond, concurrency }: WebhookEndpointDocument, events: number): number {
  return ratePerSecond === undefined ? Math.min(MOST_TOGETHER, Math.ceil(events / concurrency)) : 1;
}

/** As few of at most that size as there can be, of about the same length. */
function chunks<T>(items: readonly T[], most: number): T[][] {
  const count = Math.ceil(items.length / most);
  const size = Math.ceil(items.length / count);
  return Array.from({ length: count }, (_, n) => items.slice(n * size, (n + 1) * size));
}
