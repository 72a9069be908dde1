import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LeaseExclusion } from '@facelane/boot';
import {
  DELIVERIES,
  type DeliveryAttempt,
  deliveryAttemptSchema,
  type EventOf,
  exampleEvent,
  type WebhookEndpointDocument,
} from '@facelane/contracts';
import { FsObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { DocumentStore, type NewWebhook, WebhooksRegistry } from '@facelane/registry';
import { startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { DeliveryAdder } from '../dispatch/delivery.adder.js';
import { tellBooks } from '../dispatch/endpoint.book.js';
import { type NotifyOptions, startNotify } from './notify.js';
import { type Answer, Receiver } from './receiver.js';

export const TENANT = 'acme';

/** An event of a face, as if it happened now. */
export function faceEvent(): EventOf<'face.matched'> {
  return { ...exampleEvent('face.matched'), id: randomUUID(), timestamp: new Date().toISOString(), tenant: TENANT };
}

/** A Redis, a store, and whatever a test starts on them, under a prefix of its own for each test. */
class Place {
  prefix = '';
  belt!: PipelineBelt<typeof DELIVERIES>;
  webhooks!: WebhooksRegistry;
  private readonly stops: (() => Promise<void>)[] = [];

  redis!: TestRedis;
  root = '';
  private store!: FsObjectStore;

  async open(): Promise<void> {
    this.root = await mkdtemp(join(tmpdir(), 'facelane-events-'));
    this.redis = await startRedis();
    this.store = new FsObjectStore({ root: this.root, bucket: 'facelane' });
  }

  /** For each test. */
  async begin(): Promise<void> {
    this.prefix = `test-${randomUUID()}`;
    this.belt = await PipelineBelt.open(DELIVERIES, 'producer', this.connection);
    this.stops.push(() => this.belt.close());
    const exclusion = new LeaseExclusion(this.belt.lease);
    this.webhooks = new WebhooksRegistry(
      new DocumentStore(this.store, exclusion),
      exclusion,
      tellBooks(this.belt.revisions),
    );
    for (const endpoint of await this.webhooks.all(TENANT)) await this.webhooks.remove(endpoint);
  }

  async end(): Promise<void> {
    for (const stop of this.stops.splice(0).reverse()) await stop();
  }

  async close(): Promise<void> {
    await this.store.close();
    await this.redis.stop();
    await rm(this.root, { recursive: true, force: true });
  }

  get connection(): { url: string; prefix: string; onError: () => void } {
    return { url: this.redis.url, prefix: this.prefix, onError: () => undefined };
  }

  options(more: Partial<NotifyOptions> = {}): NotifyOptions {
    return { url: this.redis.url, prefix: this.prefix, root: this.root, ...more };
  }

  async notify(more?: Partial<NotifyOptions>): Promise<void> {
    const { stop } = await startNotify(this.options(more), this.store);
    this.stops.push(stop);
  }

  get adder(): DeliveryAdder {
    const { eventLog: log, queues, withdrawals } = this.belt;
    return new DeliveryAdder({ log, queues, withdrawals });
  }

  async receiver(answer?: Answer): Promise<Receiver> {
    const receiver = await Receiver.start(answer);
    this.stops.push(() => receiver.stop());
    return receiver;
  }

  async endpoint(wish: Partial<NewWebhook> & { readonly url: string }): Promise<WebhookEndpointDocument> {
    const created = await this.webhooks.create({ tenant: TENANT, ...wish });
    if (created.outcome !== 'created') throw new Error(created.outcome);
    return created.endpoint;
  }

  /** Appends so many events and gives them. */
  async happen(count = 1): Promise<EventOf<'face.matched'>[]> {
    const events = Array.from({ length: count }, faceEvent);
    await this.belt.eventLog.append(
      TENANT,
      events.map((event) => ({ id: event.id, type: event.type, body: JSON.stringify(event) })),
    );
    return events;
  }

  /** Newest first. */
  async attempts({ id }: WebhookEndpointDocument): Promise<readonly DeliveryAttempt[]> {
    const parse = (entry: unknown): DeliveryAttempt => deliveryAttemptSchema.parse(entry);
    return (await this.belt.attempts.read(id, { limit: 1_000, parse, fits: () => true })).items;
  }

  /** Deliveries that are not over, and dead letters. */
  async counts(): Promise<{ waiting: number; dead: number }> {
    const states = ['wait', 'prioritized', 'active', 'delayed', 'failed'] as const;
    const { failed = 0, ...rest } = await this.belt.queues.queue('delivery').getJobCounts(...states);
    return { waiting: Object.values(rest).reduce((sum, count) => sum + count, 0), dead: failed };
  }
}

/** The place of a file's tests, begun anew for each. */
export function usePlace(): Place {
  const place = new Place();
  beforeAll(() => place.open());
  afterAll(() => place.close());
  beforeEach(() => place.begin());
  afterEach(() => place.end());
  return place;
}
