import { type DeliveryJob, StageError } from '@facelane/contracts';
import type { EventLog, EventPage } from '@facelane/queue';
import type { DeliveryAdder } from './delivery.adder.js';
import type { EndpointBacklogs } from './endpoint.backlogs.js';
import { deliveriesIn } from './delivery.job.js';
import { EndpointHolds, type HoldParts } from './endpoint.holds.js';
import type { EventMatcher } from './event.matcher.js';

/** Where the dispatcher's place in a log is kept; no name that a consumer can choose. */
export const DISPATCHER = '_deliveries';

const PAGE = 500;
const WAIT_MS = 60_000;

export interface FollowerParts {
  readonly log: EventLog;
  readonly adder: DeliveryAdder;
  readonly matcher: EventMatcher;
  readonly webhooks: HoldParts['webhooks'];
  readonly backlogs: EndpointBacklogs;
  /** Told when events were trimmed away, or lost with Redis, before they were read. */
  readonly onGap: (tenant: string, error: StageError) => void;
  /** Told when that is so of an endpoint alone, for which too much was waiting. */
  readonly onMissed: HoldParts['onMissed'];
}

/** Turns the log of one tenant into deliveries. One at a time per tenant: two would do everything twice. */
export class TenantFollower {
  constructor(private readonly parts: FollowerParts) {}

  /**
   * Goes on until the signal aborts, with whose reason it rejects. The place in the log moves on when the deliveries are on
   * the queue: whoever takes over after a crash adds some of them again, under the ids that they have there.
   */
  async follow(tenant: string, signal: AbortSignal): Promise<never> {
    const { log } = this.parts;
    const holds = await EndpointHolds.open(this.parts, tenant);
    let after = await log.consumers.get(tenant, DISPATCHER);
    for (;;) {
      signal.throwIfAborted();
      try {
        after = await this.step(tenant, holds, after, signal);
      } catch (error) {
        if (!isExpired(error)) throw error;
        this.parts.onGap(tenant, error);
        after = undefined;
      }
    }
  }

  private async step(
    tenant: string,
    holds: EndpointHolds,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<string> {
    const { log, matcher, adder, backlogs } = this.parts;
    const page: EventPage = await log.read(tenant, { limit: PAGE, ...(after !== undefined && { after }) });
    const endpoints = await matcher.endpointsOf(tenant);
    const going = endpoints.filter((endpoint) => !holds.has(endpoint));
    const jobs = matcher.deliveriesOf(page.events, going);
    await adder.add(tenant, jobs, { signal });
    await holds.review(going, countsOf(jobs), page.next);
    if (page.next !== after) await log.consumers.set(tenant, DISPATCHER, page.next, { force: true });
    const more = !holds.isEmpty && (await holds.catchUp(endpoints, page.next, signal));
    if (page.end && !more) await log.wait(tenant, page.next, holds.isEmpty ? WAIT_MS : backlogs.lookMs, signal);
    return page.next;
  }
}

/** How many deliveries go to each endpoint. */
function countsOf(jobs: readonly DeliveryJob[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const job of jobs) counts.set(job.endpointId, (counts.get(job.endpointId) ?? 0) + deliveriesIn(job));
  return counts;
}

const isExpired = (error: unknown): error is StageError =>
  error instanceof StageError && error.code === 'EVENTS.CURSOR_EXPIRED';
