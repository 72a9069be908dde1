import { type DELIVERIES, StageError } from '@facelane/contracts';
import type { EventLog, EventPage, StageQueues } from '@facelane/queue';
import type { EventMatcher } from './event.matcher.js';

/** Where the dispatcher's place in a log is kept; no name that a consumer can choose. */
export const DISPATCHER = '_deliveries';

const PAGE = 500;
/** Jobs that are added in one step. */
const CHUNK = 500;
const WAIT_MS = 60_000;

export interface FollowerParts {
  readonly log: EventLog;
  readonly queues: StageQueues<typeof DELIVERIES>;
  readonly matcher: EventMatcher;
  /** Told when events were trimmed away, or lost with Redis, before they were read. */
  readonly onGap: (tenant: string, error: StageError) => void;
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
    let after = await log.consumers.get(tenant, DISPATCHER);
    for (;;) {
      signal.throwIfAborted();
      try {
        after = await this.step(tenant, after, signal);
      } catch (error) {
        if (!isExpired(error)) throw error;
        this.parts.onGap(tenant, error);
        after = undefined;
      }
    }
  }

  private async step(tenant: string, after: string | undefined, signal: AbortSignal): Promise<string> {
    const { log, matcher, queues } = this.parts;
    const page: EventPage = await log.read(tenant, { limit: PAGE, ...(after !== undefined && { after }) });
    const jobs = await matcher.deliveriesOf(tenant, page.events);
    for (let start = 0; start < jobs.length; start += CHUNK) {
      signal.throwIfAborted();
      await queues.add('delivery', jobs.slice(start, start + CHUNK));
    }
    if (page.next !== after) await log.consumers.set(tenant, DISPATCHER, page.next, { force: true });
    if (page.end) await log.wait(tenant, page.next, WAIT_MS, signal);
    return page.next;
  }
}

const isExpired = (error: unknown): error is StageError =>
  error instanceof StageError && error.code === 'EVENTS.CURSOR_EXPIRED';
