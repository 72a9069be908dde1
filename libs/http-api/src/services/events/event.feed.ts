import { StageError } from '@facelane/contracts';
import type { EventLog, EventPage, LoggedEvent, ReadOptions } from '@facelane/queue';
import { isEnding } from '../../endpoint/open.answers.js';

export type EventFilter = Pick<ReadOptions, 'types' | 'collection'>;

/** From where events are read: behind a cursor, `latest`, or behind what a consumer has committed. Default: the oldest. */
export interface FeedPlace {
  readonly after?: string | undefined;
  readonly consumer?: string | undefined;
}

/** An event, or how far was looked while none fitted. */
export type FeedStep = LoggedEvent | { readonly cursor: string };

/** Events that are read at once: 1 MB at most, since none has more than 20 kB. */
const CHUNK = 50;
/** A page that has as much ends, in bytes. */
const MOST_BYTES = 1024 * 1024;
/** How often a stream says how far it has looked while nothing fits, in milliseconds. */
const PLACE_MS = 10_000;

/** Reads the log of events for callers: by pages that may wait, and as a stream. */
export class EventFeed {
  constructor(
    private readonly log: Pick<EventLog, 'read' | 'wait' | 'tail' | 'consumers'>,
    private readonly placeMs = PLACE_MS,
  ) {}

  /** @throws StageError EVENTS.CURSOR_EXPIRED, EVENTS.CURSOR_INVALID */
  async cursorOf(tenant: string, { after, consumer }: FeedPlace): Promise<string | undefined> {
    if (consumer !== undefined) return this.log.consumers.get(tenant, consumer);
    return after === 'latest' ? this.log.tail(tenant) : after;
  }

  /**
   * A page. When there is nothing that fits, it waits so long for something, and is empty in the end; also when the
   * server stops.
   *
   * @throws StageError as `cursorOf`; the reason of the signal when the caller hangs up.
   */
  async page(
    tenant: string,
    place: FeedPlace,
    { limit, waitMs, ...filter }: EventFilter & { readonly limit: number; readonly waitMs: number },
    signal: AbortSignal,
  ): Promise<EventPage> {
    const until = performance.now() + waitMs;
    for (let at = await this.cursorOf(tenant, place); ;) {
      const page = await this.read(tenant, at, limit, filter);
      const left = until - performance.now();
      if (page.events.length > 0 || left <= 0 || isEnding(signal)) return page;
      signal.throwIfAborted();
      if (page.end && !(await this.grows(tenant, page.next, left, signal))) return page;
      at = page.next;
    }
  }

  /**
   * Every event behind a page and those of the page, as they come. Ends when nothing more can be read; whoever connects
   * again is told why. Rejects when the signal aborts.
   */
  async *follow(
    tenant: string,
    first: EventPage,
    filter: EventFilter,
    signal: AbortSignal,
  ): AsyncGenerator<FeedStep, void> {
    try {
      let [told, toldAt] = ['', -Infinity];
      for (let page = first; ; page = await this.read(tenant, page.next, CHUNK, filter)) {
        for (const event of page.events) {
          yield event;
          [told, toldAt] = [event.cursor, performance.now()];
        }
        // Or a reader of rare events would come back with a cursor that has expired meanwhile.
        if (page.next !== told && performance.now() - toldAt >= this.placeMs) {
          yield { cursor: page.next };
          [told, toldAt] = [page.next, performance.now()];
        }
        signal.throwIfAborted();
        if (page.end) await this.log.wait(tenant, page.next, this.placeMs, signal);
      }
    } catch (error) {
      if (!(error instanceof StageError)) throw error;
    }
  }

  /** @throws StageError EVENTS.CURSOR_EXPIRED, EVENTS.CURSOR_INVALID */
  async first(tenant: string, place: FeedPlace, filter: EventFilter): Promise<EventPage> {
    return this.read(tenant, await this.cursorOf(tenant, place), CHUNK, filter);
  }

  private async read(
    tenant: string,
    after: string | undefined,
    limit: number,
    filter: EventFilter,
  ): Promise<EventPage> {
    const events: LoggedEvent[] = [];
    for (let [at, bytes] = [after, 0]; ;) {
      const asked = Math.min(CHUNK, limit - events.length);
      const page = await this.log.read(tenant, { ...filter, limit: asked, ...(at !== undefined && { after: at }) });
      events.push(...page.events);
      bytes += page.events.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
      const isLast = page.end || page.events.length < asked;
      if (isLast || events.length >= limit || bytes >= MOST_BYTES) return { ...page, events };
      at = page.next;
    }
  }

  private async grows(tenant: string, after: string, ms: number, signal: AbortSignal): Promise<boolean> {
    try {
      return await this.log.wait(tenant, after, ms, signal);
    } catch (error) {
      if (isEnding(signal)) return false;
      throw error;
    }
  }
}
