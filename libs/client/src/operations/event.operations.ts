import { callBase, type CallOptions, type Connection } from '../connection.js';
import { type FeedEvent, type FeedPage, readEvents } from '../event.reader.js';
import { commitEvents, deleteEventConsumer, listEventConsumers, listEvents } from '../generated/sdk.gen.js';
import type { CommittedEvents, EventConsumer, EventType, ListEventsData } from '../generated/types.gen.js';

type Query = NonNullable<ListEventsData['query']>;

/** Which page of the feed. */
export type EventsQuery<T extends EventType = EventType> = Omit<Query, 'types'> & { types?: readonly T[] };

interface ReadingOptions<T extends EventType> extends CallOptions {
  /** Only events of these types. Default: all. */
  readonly types?: readonly T[];
  /** Only events of this collection. Default: all. */
  readonly collection?: string;
  /** Most events of a page; those of a consumer are committed page by page. Default 100. */
  readonly limit?: number;
}

/**
 * From where to read: `after` a cursor that you keep, or from `latest`; or as a `consumer`, whose cursor the deployment
 * keeps. Default: from the oldest event that is kept.
 */
export type ReadEventsOptions<T extends EventType = EventType> = ReadingOptions<T> &
  ({ readonly after?: string; readonly consumer?: never } | { readonly consumer: string; readonly after?: never });

/** How long the API may wait for an event, in seconds: below what proxies take for a dead connection, mostly a minute. */
const WAIT_SECONDS = 30;

/** What has happened, in one order, for a while. */
export class EventOperations {
  constructor(private readonly connection: Connection) {}

  /** A page, at once, or with `wait` as soon as there is an event. */
  async list<T extends EventType = EventType>(
    { types, ...query }: EventsQuery<T> = {},
    options?: CallOptions,
  ): Promise<FeedPage<T>> {
    const page = await listEvents({
      ...callBase(this.connection, options),
      query: { ...query, ...(types !== undefined && { types: [...types] }) },
    });
    // Of these types, since no others were asked for; their members are what the version of the sender says.
    return { ...page, events: page.events as unknown as FeedEvent<T>[] };
  }

  /**
   * Every event as it comes, for ever: `for await (const event of read({ consumer: 'archive' }))`. Goes on over
   * connections that break and servers that restart. As a consumer, a page is committed when the first event behind it
   * is asked for: what your program did not get done with comes again, and may have been seen before.
   *
   * @throws FacelaneProblem with code EVENTS.CURSOR_EXPIRED when events were dropped before they were read: what you
   *   keep may lack something. Read from the oldest event to go on; a consumer is deleted first.
   */
  read<T extends EventType = EventType>(options: ReadEventsOptions<T> = {}): AsyncGenerator<FeedEvent<T>, void> {
    const { after: start, consumer, signal, ...query } = options;
    const call = signal === undefined ? {} : { signal };
    const read = (after: string | undefined): Promise<FeedPage<T>> => {
      // What happens while the first answer is under way would be missed when that is lost.
      const wait = after === 'latest' ? 0 : WAIT_SECONDS;
      const place = consumer === undefined ? { ...(after !== undefined && { after }) } : { consumer };
      return this.list<T>({ ...query, ...place, wait }, call);
    };
    if (consumer === undefined) return readEvents({ read }, start, signal);
    return readEvents({ read, commit: (cursor) => this.commit(consumer, cursor, call) }, undefined, signal);
  }

  /** Consumers by name, with the cursors that are kept for them. */
  async consumers(options?: CallOptions): Promise<readonly EventConsumer[]> {
    return (await listEventConsumers(callBase(this.connection, options))).items;
  }

  /**
   * Says how far a consumer has come; the first time makes it. A cursor behind the kept one leaves that, unless with
   * `force`. Twice is the same as once.
   */
  commit(
    consumer: string,
    cursor: string,
    { force, ...options }: CallOptions & { readonly force?: boolean } = {},
  ): Promise<CommittedEvents> {
    return commitEvents({
      ...callBase(this.connection, options),
      fetch: this.connection.fetch.always,
      path: { consumer },
      body: { cursor, ...(force !== undefined && { force }) },
    });
  }

  /** Who reads by its name then begins with the oldest event. Answers the consumer as it was. */
  deleteConsumer(consumer: string, options?: CallOptions): Promise<EventConsumer> {
    return deleteEventConsumer({ ...callBase(this.connection, options), path: { consumer } });
  }
}
