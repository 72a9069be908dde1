import { StageError, type WebhookEndpointDocument } from '@facelane/contracts';
import { cursorTime, type EventLog, type EventPage, isBehind } from '@facelane/queue';
import type { WebhooksRegistry } from '@facelane/registry';
import type { DeliveryAdder } from './delivery.adder.js';
import { deliveriesIn } from './delivery.job.js';
import type { EndpointBacklogs } from './endpoint.backlogs.js';
import type { EventMatcher } from './event.matcher.js';

/** Where the place of an endpoint in the log is kept; no name that a consumer can choose. */
const HELD = '_held:';

const PAGE = 500;

export interface HoldParts {
  readonly log: Pick<EventLog, 'read' | 'consumers'>;
  readonly adder: Pick<DeliveryAdder, 'add'>;
  readonly matcher: Pick<EventMatcher, 'deliveriesOf'>;
  readonly backlogs: Pick<EndpointBacklogs, 'full' | 'roomy'>;
  readonly webhooks: Pick<WebhooksRegistry, 'markHeld' | 'markReleased' | 'markMissing'>;
  /** Told when the log has dropped events before there was room for them. */
  readonly onMissed: (endpoint: WebhookEndpointDocument) => void;
}

/**
 * Endpoints of a tenant for which so much waits that what happens is left in the log: each has a place there from which
 * it is caught up. What the log drops before is said in the endpoint's document.
 */
export class EndpointHolds {
  private constructor(
    private readonly parts: HoldParts,
    private readonly tenant: string,
    private readonly places: Map<string, string>,
  ) {}

  static async open(parts: HoldParts, tenant: string): Promise<EndpointHolds> {
    const held = (await parts.log.consumers.list(tenant)).filter(({ name }) => name.startsWith(HELD));
    return new EndpointHolds(parts, tenant, new Map(held.map(({ name, cursor }) => [name.slice(HELD.length), cursor])));
  }

  get isEmpty(): boolean {
    return this.places.size === 0;
  }

  has({ id }: Pick<WebhookEndpointDocument, 'id'>): boolean {
    return this.places.has(id);
  }

  /** Holds those that have too much now, behind that place. Called before the dispatcher itself goes on behind it. */
  async review(
    endpoints: readonly WebhookEndpointDocument[],
    added: ReadonlyMap<string, number>,
    cursor: string,
  ): Promise<void> {
    const full = new Set(await this.parts.backlogs.full(added));
    for (const endpoint of endpoints.filter(({ id }) => full.has(id))) {
      await this.keep(endpoint.id, cursor);
      await this.parts.webhooks.markHeld(endpoint, cursorTime(cursor));
    }
  }

  /**
   * Adds a page for each that has room again, no further than the dispatcher has come. Resolves to whether any has room
   * for more. Those that are sent nothing any more are held no longer.
   */
  async catchUp(
    enabled: readonly WebhookEndpointDocument[],
    dispatched: string,
    signal: AbortSignal,
  ): Promise<boolean> {
    const byId = new Map(enabled.map((endpoint) => [endpoint.id, endpoint]));
    for (const id of [...this.places.keys()].filter((each) => !byId.has(each))) await this.drop(id);
    let more = false;
    for (const id of await this.parts.backlogs.roomy([...this.places.keys()])) {
      signal.throwIfAborted();
      more = (await this.add(byId.get(id)!, dispatched, signal)) || more;
    }
    return more;
  }

  private async add(endpoint: WebhookEndpointDocument, dispatched: string, signal: AbortSignal): Promise<boolean> {
    const { adder, matcher, webhooks } = this.parts;
    const page = await this.read(endpoint);
    // What comes after is the dispatcher's, who does not pass over the endpoint then.
    const events = page.events.filter(({ cursor }) => !isBehind(dispatched, cursor));
    const jobs = matcher.deliveriesOf(events, [endpoint]);
    await adder.add(this.tenant, jobs, { signal });
    const isThere = page.end || events.length < page.events.length || !isBehind(page.next, dispatched);
    if (isThere) {
      await webhooks.markReleased(endpoint);
      await this.drop(endpoint.id);
      return false;
    }
    await this.keep(endpoint.id, page.next);
    return (await this.parts.backlogs.full(new Map([[endpoint.id, sum(jobs.map(deliveriesIn))]]))).length === 0;
  }

  /** From its place; from the oldest event when those behind its place are gone. */
  private async read(endpoint: WebhookEndpointDocument): Promise<EventPage> {
    const { log, webhooks, onMissed } = this.parts;
    const after = this.places.get(endpoint.id)!;
    try {
      return await log.read(this.tenant, { after, limit: PAGE });
    } catch (error) {
      if (!(error instanceof StageError) || error.code !== 'EVENTS.CURSOR_EXPIRED') throw error;
    }
    const page = await log.read(this.tenant, { limit: PAGE });
    const [oldest] = page.events;
    const until = oldest === undefined ? new Date() : cursorTime(oldest.cursor);
    const missed = { from: cursorTime(after).toISOString(), until: until.toISOString() };
    onMissed((await webhooks.markMissing(endpoint, missed)) ?? endpoint);
    return page;
  }

  private async keep(id: string, cursor: string): Promise<void> {
    await this.parts.log.consumers.set(this.tenant, `${HELD}${id}`, cursor, { force: true });
    this.places.set(id, cursor);
  }

  private async drop(id: string): Promise<void> {
    await this.parts.log.consumers.delete(this.tenant, `${HELD}${id}`);
    this.places.delete(id);
  }
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
