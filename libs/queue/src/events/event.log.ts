import type { Redis } from 'ioredis';
import { z } from 'zod';
import { ChannelBells } from '../bells/channel.bells.js';
import { askRedis } from '../redis.answer.js';
import { EventConsumers } from './event.consumers.js';
import { cursorExpired, type EventCursor, newEpoch, readCursor, writeCursor } from './event.cursor.js';
import { EventForgetting, type Forgetting } from './event.forgetting.js';
import { LogKeys } from './log.keys.js';
import { APPEND, FIND, READ, TAIL, TRIM } from './log.scripts.js';
import { waitUntil } from './log.wait.js';
import type { EventLogOptions, EventPage, LogEvent, LoggedEvent, ReadOptions } from './logged-event.js';

const RETENTION_MS = 7 * 24 * 60 * 60_000;
const MAX_PER_TENANT = 100_000;

/** Entries that a script looks at; Redis does nothing else for up to 2 ms (bodies of 600 bytes, Redis 7.0). */
const STEP = 500;
/** Entries that a page looks at, however few of them were asked for. */
const MOST_LOOKED_AT = 5_000;
/** Events that a step of `trim` drops. */
const TRIM_STEP = 500;

const entrySchema = z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()]);
const stepSchema = z.union([
  z.tuple([z.literal('lost')]),
  z.tuple([z.literal('trimmed')]),
  z.tuple([z.literal('read'), z.string(), z.string(), z.int(), z.array(entrySchema)]),
]);

/** What was read between two cursors. */
interface Step {
  readonly events: readonly LoggedEvent[];
  readonly next: EventCursor;
  readonly end: boolean;
}

/**
 * What happened to the things of a tenant, in one order that every reader sees alike. Redis is its only place, and a
 * log that was lost with it begins anew under another epoch, which cursors of the old one do not fit.
 *
 * Events are kept for a while, and so many of them. In memory an event takes 200 to 300 bytes more than its body, its
 * id among the known ones included (540, 810 and 1 500 bytes for bodies of 300, 600 and 1 200; `used_memory` of Redis
 * 7.0 over 50 000 events); all of it comes back when it is dropped.
 */
export class EventLog {
  /** Cursors that are kept here for whoever does not keep his own. */
  readonly consumers: EventConsumers;
  private readonly keys: LogKeys;
  private readonly retentionMs: number;
  private readonly maxPerTenant: number;

  constructor(
    private readonly redis: Redis,
    prefix: string,
    { retentionMs = RETENTION_MS, maxPerTenant = MAX_PER_TENANT }: EventLogOptions = {},
    private readonly bells = new ChannelBells(redis),
  ) {
    this.keys = new LogKeys(prefix);
    this.consumers = new EventConsumers(redis, this.keys);
    this.retentionMs = retentionMs;
    this.maxPerTenant = maxPerTenant;
  }

  /**
   * Adds the events in their order, all in one step; some hundreds at most, since Redis does nothing else meanwhile.
   * One whose id is in the log stays where it is. Resolves to the ids of those that were new. When the connection broke
   * and a worker asked again, ids are missing there that the first attempt added.
   *
   * @throws StageError QUEUE.UNAVAILABLE when Redis does not answer; they may be in the log nevertheless.
   */
  async append(tenant: string, events: readonly LogEvent[]): Promise<readonly string[]> {
    if (events.length === 0) return [];
    const bounds = [this.retentionMs, this.maxPerTenant];
    const fields = events.flatMap(({ id, type, collection = '', body }) => [id, type, collection, body]);
    const keys = this.keysOf(tenant);
    const [, added] = await askRedis(this.redis, () =>
      Promise.all([
        // First, so that no log is without its tenant; by itself, since it may be in another slot of a cluster.
        this.redis.sadd(this.keys.tenants, tenant),
        this.redis.eval(APPEND, keys.length, ...keys, newEpoch(), ...bounds, this.keys.bell(tenant), ...fields),
      ]),
    );
    return z
      .array(z.int())
      .parse(added)
      .map((at) => events[at]!.id);
  }

  /**
   * A page of the log. The next one begins at `next`; going on like this, every event is seen once, in one order,
   * whoever appends meanwhile. A page looks at 5 000 events at most, so it may be empty where few are asked for.
   *
   * @throws StageError EVENTS.CURSOR_EXPIRED when events behind the cursor are no longer kept; EVENTS.CURSOR_INVALID
   *   when it is none; QUEUE.UNAVAILABLE when Redis does not answer.
   */
  async read(tenant: string, { after, limit, ...filter }: ReadOptions): Promise<EventPage> {
    let at = after === undefined ? undefined : readCursor(after);
    const events: LoggedEvent[] = [];
    for (let looks = MOST_LOOKED_AT / STEP; ; looks -= 1) {
      const step = await this.step(tenant, at, limit - events.length, filter);
      events.push(...step.events);
      at = step.next;
      if (step.end || events.length >= limit || looks <= 1) return { events, next: writeCursor(at), end: step.end };
    }
  }

  /** Those of the named events that are still kept; some hundreds at most, as for `append`. */
  async find(tenant: string, ids: readonly string[]): Promise<readonly LoggedEvent[]> {
    const keys = this.keysOf(tenant);
    const answer = await askRedis(this.redis, () => this.redis.eval(FIND, keys.length, ...keys, newEpoch(), ...ids));
    const [epoch, entries] = z.tuple([z.string(), z.array(entrySchema)]).parse(answer);
    return entries.map((entry) => loggedEvent(epoch, entry));
  }

  /** The cursor behind the last event of now: reading after it sees what comes from now on. */
  async tail(tenant: string): Promise<string> {
    const keys = [this.keys.stream(tenant), this.keys.facts(tenant)];
    const answer = await askRedis(this.redis, () => this.redis.eval(TAIL, keys.length, ...keys, newEpoch()));
    const [epoch, id] = z.tuple([z.string(), z.string()]).parse(answer);
    return writeCursor({ epoch, id });
  }

  /**
   * Resolves to true as soon as there is an event behind the cursor, and to false after `ms` milliseconds or when the
   * belt closes. All who wait in this process share a connection.
   *
   * @throws StageError as `read` does; a Redis that goes away while it waits is waited for. A worker's belt waits for
   *   Redis before it begins to wait, however long that takes.
   * @throws the reason of `signal` when it aborts.
   */
  async wait(tenant: string, after: string, ms: number, signal?: AbortSignal): Promise<boolean> {
    let at = readCursor(after);
    const look = async (): Promise<boolean> => {
      const { events, next } = await this.step(tenant, at, 1, {});
      if (events.length === 0) at = next;
      return events.length > 0;
    };
    return waitUntil(look, { bells: this.bells, channel: this.keys.bell(tenant), ms, signal });
  }

  /** Tenants that have a log, or had one since Redis began. */
  async tenants(): Promise<readonly string[]> {
    const tenants = await askRedis(this.redis, () => this.redis.smembers(this.keys.tenants));
    return tenants.sort();
  }

  /**
   * Drops what is too old or too much in the logs of all tenants, and resolves to how many events that were. Appending
   * does it too, so this is for logs to which nothing is appended any more.
   */
  async trim(signal?: AbortSignal): Promise<number> {
    let dropped = 0;
    for (const tenant of await this.tenants()) {
      const keys = this.keysOf(tenant);
      for (let last = TRIM_STEP; last === TRIM_STEP; dropped += last) {
        signal?.throwIfAborted();
        const bounds = [this.retentionMs, this.maxPerTenant];
        last = Number(
          await askRedis(this.redis, () => this.redis.eval(TRIM, keys.length, ...keys, ...bounds, TRIM_STEP)),
        );
      }
    }
    return dropped;
  }

  /**
   * Deletes events by what their bodies have in them, and resolves to how many there were. Their ids stay known for as
   * long as the events would have been kept: appending one again does not bring it back.
   */
  async forget(tenant: string, forgetting: Forgetting): Promise<number> {
    return new EventForgetting(this.redis, this.keys).forget(tenant, forgetting);
  }

  /** Those of the ids whose events were deleted by `forget`. */
  async forgotten(tenant: string, ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length === 0) return [];
    const scores = await askRedis(this.redis, () => this.redis.zmscore(this.keys.forgotten(tenant), ...ids));
    return ids.filter((_, i) => scores[i] !== null);
  }

  private async step(
    tenant: string,
    after: EventCursor | undefined,
    limit: number,
    { types, collection = '' }: Pick<ReadOptions, 'types' | 'collection'>,
  ): Promise<Step> {
    const keys = [this.keys.stream(tenant), this.keys.facts(tenant)];
    // Without a filter every entry that is looked at is returned.
    const look = types === undefined && collection === '' ? Math.min(limit, STEP) : STEP;
    const cursor = [after?.epoch ?? '', after?.id ?? ''];
    const answer = await askRedis(this.redis, () =>
      this.redis.eval(READ, keys.length, ...keys, newEpoch(), ...cursor, look, limit, collection, ...(types ?? [])),
    );
    const [outcome, epoch = '', id = '', end, entries = []] = stepSchema.parse(answer);
    if (outcome !== 'read') throw cursorExpired(tenant, outcome);
    return { events: entries.map((entry) => loggedEvent(epoch, entry)), next: { epoch, id }, end: end === 1 };
  }

  private keysOf(tenant: string): readonly string[] {
    const { keys } = this;
    return [keys.stream(tenant), keys.ids(tenant), keys.facts(tenant), keys.forgotten(tenant)];
  }
}

function loggedEvent(epoch: string, [at, id, type, collection, body]: z.output<typeof entrySchema>): LoggedEvent {
  return { cursor: writeCursor({ epoch, id: at }), id, type, body, ...(collection !== '' && { collection }) };
}
