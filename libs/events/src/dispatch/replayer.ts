import {
  type AttemptState,
  deliveryAttemptSchema,
  type DeliveryJob,
  matchesFilter,
  type WebhookEndpointDocument,
} from '@facelane/contracts';
import type { AttemptLog, EventLog, LoggedEvent } from '@facelane/queue';
import type { DeliveryAdder } from './delivery.adder.js';
import { deliveryJobOf } from './delivery.job.js';
import { readNotice } from './event.notice.js';

/** Deliveries of one replay: what a request can add before its caller gives up. */
export const MOST_REPLAYED = 5_000;

const PAGE = 500;

export interface ReplayerParts {
  readonly log: Pick<EventLog, 'find' | 'read'>;
  readonly attempts: Pick<AttemptLog, 'read'>;
  readonly adder: Pick<DeliveryAdder, 'add'>;
}

/** How many deliveries were added. `too-many`: none, since it would be more than MOST_REPLAYED. */
export type Replayed = number | 'too-many';

/** Sends an endpoint again what the log still has. `replay` names the request: deliveries of one are added once. */
export class Replayer {
  constructor(private readonly parts: ReplayerParts) {}

  /** 0 when the log has no such event any more. Whatever the filter says: somebody named it. */
  async event(endpoint: WebhookEndpointDocument, eventId: string, replay: string): Promise<Replayed> {
    return this.add(endpoint, await this.parts.log.find(endpoint.tenant, [eventId]), replay);
  }

  /** Events whose last attempt since then has failed, whether it is tried again by itself or not. */
  async failedSince(endpoint: WebhookEndpointDocument, since: Date, replay: string): Promise<Replayed> {
    const ids = await this.failedIds(endpoint, since);
    if (ids.length > MOST_REPLAYED) return 'too-many';
    const found: LoggedEvent[] = [];
    for (let start = 0; start < ids.length; start += PAGE) {
      found.push(...(await this.parts.log.find(endpoint.tenant, ids.slice(start, start + PAGE))));
    }
    return this.add(endpoint, found, replay);
  }

  /** Events of that time that pass the filter of the endpoint. */
  async between(
    endpoint: WebhookEndpointDocument,
    [from, to]: readonly [Date, Date],
    replay: string,
  ): Promise<Replayed> {
    const isOf = ({ body }: LoggedEvent): boolean => {
      const { at, facts } = readNotice(body);
      return at >= from.getTime() && at <= to.getTime() && matchesFilter(endpoint.filter, facts);
    };
    const found: LoggedEvent[] = [];
    for (let after: string | undefined; ;) {
      const page = await this.parts.log.read(endpoint.tenant, { limit: PAGE, ...(after !== undefined && { after }) });
      found.push(...page.events.filter(isOf));
      if (found.length > MOST_REPLAYED) return 'too-many';
      if (page.end) return this.add(endpoint, found, replay);
      after = page.next;
    }
  }

  private async failedIds({ id }: WebhookEndpointDocument, since: Date): Promise<string[]> {
    /** The newest of each event, which comes first. */
    const last = new Map<string, AttemptState>();
    const parse = (entry: unknown): { eventId: string; state: AttemptState } => deliveryAttemptSchema.parse(entry);
    for (let after: string | undefined; ;) {
      const wish = { after, sinceMs: since.getTime(), limit: PAGE, parse, fits: () => true };
      const { items, next } = await this.parts.attempts.read(id, wish);
      for (const { eventId, state } of items) if (!last.has(eventId)) last.set(eventId, state);
      if (next === undefined) break;
      after = next;
    }
    return [...last].filter(([, state]) => state !== 'delivered').map(([eventId]) => eventId);
  }

  private async add(
    { tenant, id: endpointId }: WebhookEndpointDocument,
    events: readonly LoggedEvent[],
    replay: string,
  ): Promise<number> {
    const jobs = events.map((event): DeliveryJob => deliveryJobOf(event, { tenant, endpointId, lane: 'bulk', replay }));
    await this.parts.adder.add(tenant, jobs);
    return jobs.length;
  }
}
