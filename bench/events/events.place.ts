import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LeaseExclusion } from '@facelane/boot';
import { DELIVERIES, type EventOf, exampleEvent, type WebhookEndpointDocument } from '@facelane/contracts';
import { tellBooks } from '@facelane/events';
import { FsObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { DocumentStore, type NewWebhook, WebhooksRegistry } from '@facelane/registry';
import { type MeasuredProgram, startMeasured } from '../measured.program.js';

/** What receivers on this machine need, and nothing else set. */
export const LOCAL_RECEIVERS = { WEBHOOK_URL_ALLOW: '127.0.0.1', WEBHOOK_URL_HTTP: 'true' } as const;

const LOOK_MS = 50;
/** Events appended in one step. */
const CHUNK = 500;

/** What the program `notify` meets, made by hand: a folder as store, a Redis, endpoints and events. */
export class EventsPlace {
  private readonly webhooks: WebhooksRegistry;

  private constructor(
    private readonly where: { readonly dataDir: string; readonly redisUrl: string },
    private readonly store: FsObjectStore,
    private readonly belt: PipelineBelt<typeof DELIVERIES>,
  ) {
    const exclusion = new LeaseExclusion(belt.lease);
    this.webhooks = new WebhooksRegistry(new DocumentStore(store, exclusion), exclusion, tellBooks(belt.revisions));
  }

  static async open(dataDir: string, redisUrl: string): Promise<EventsPlace> {
    // It may be that Redis is stopped on purpose.
    const belt = await PipelineBelt.open(DELIVERIES, 'worker', { url: redisUrl, onError: () => undefined });
    const store = new FsObjectStore({ root: join(dataDir, 'objects'), bucket: 'facelane' });
    return new EventsPlace({ dataDir, redisUrl }, store, belt);
  }

  /** The program as its image starts it. */
  async notify(): Promise<MeasuredProgram> {
    const { dataDir, redisUrl } = this.where;
    return startMeasured('notify', { DATA_DIR: dataDir, REDIS_URL: redisUrl, ...LOCAL_RECEIVERS }, /stages running/);
  }

  async endpoint(wish: NewWebhook): Promise<WebhookEndpointDocument> {
    const created = await this.webhooks.create(wish);
    if (created.outcome !== 'created') throw new Error(created.outcome);
    return created.endpoint;
  }

  async append(tenant: string, events: readonly EventOf<'face.matched'>[]): Promise<void> {
    for (let start = 0; start < events.length; start += CHUNK) {
      await this.belt.eventLog.append(
        tenant,
        events.slice(start, start + CHUNK).map((event) => ({ id: event.id, type: event.type, body: bodyOf(event) })),
      );
    }
  }

  /** Deletes the endpoints of the tenant, and resolves when nothing is on its way to them any more. */
  async clear(tenant: string): Promise<void> {
    for (const endpoint of await this.webhooks.all(tenant)) await this.webhooks.remove(endpoint);
    const queue = this.belt.queues.queue('delivery');
    const left = async (): Promise<number> => {
      const counts = await queue.getJobCounts('wait', 'prioritized', 'active', 'delayed');
      return Object.values(counts).reduce((total, count) => total + count, 0);
    };
    while ((await left()) > 0) await pause(LOOK_MS);
  }

  async close(): Promise<void> {
    await this.belt.close();
    await this.store.close();
  }
}

/** As they are sent. */
export const bodyOf = (event: EventOf<'face.matched'>): string => JSON.stringify(event);

/** Events of faces, as if they happened now. */
export function faceEvents(tenant: string, count: number): EventOf<'face.matched'>[] {
  const timestamp = new Date().toISOString();
  return Array.from({ length: count }, () => ({
    ...exampleEvent('face.matched'),
    id: randomUUID(),
    timestamp,
    tenant,
  }));
}
