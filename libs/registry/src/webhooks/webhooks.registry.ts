import { randomUUID } from 'node:crypto';
import {
  keys,
  type WebhookEndpointDocument,
  webhookEndpointDocumentSchema,
  type WebhookFilter,
} from '@facelane/contracts';
import { idsBelow, type Page, type PageOptions, readPage } from '../document.page.js';
import type { DocumentStore } from '../document.store.js';
import type { Exclusion } from '../exclusion.port.js';
import {
  type Disabling,
  disabledFor,
  edited,
  enabled,
  failing,
  held,
  type Missed,
  missing,
  released,
  type WebhookEdit,
  withoutPeople,
  working,
} from './webhook.edits.js';
import { newSecret, rotatedSecrets } from './webhook.secrets.js';

export interface WebhookKey {
  readonly tenant: string;
  readonly id: string;
}

export interface NewWebhook {
  readonly tenant: string;
  readonly url: string;
  readonly description?: string | undefined;
  /** Default: every event. */
  readonly filter?: WebhookFilter | undefined;
  /** Requests per second at most. Default: no limit of its own. */
  readonly ratePerSecond?: number | undefined;
  /** Requests under way at a time. Default 4. */
  readonly concurrency?: number | undefined;
}

export interface Rotation {
  /** How long the secrets before it sign on, in milliseconds. Default: a day. */
  readonly overlapMs?: number | undefined;
  /** Default: the present. */
  readonly now?: Date | undefined;
}

export type Rotated =
  | { readonly outcome: 'rotated'; readonly endpoint: WebhookEndpointDocument }
  /** As many sign as may: one has to expire first. */
  | { readonly outcome: 'full' }
  | { readonly outcome: 'missing' };

/** Endpoints of a tenant. Every event is held against the filter of each of them. */
export const MOST_WEBHOOKS = 100;

const DEFAULT_CONCURRENCY = 4;
const DAY_MS = 24 * 60 * 60_000;

/** Hears of every change, so that processes which remember a tenant's endpoints ask again. */
export interface WebhookChanges {
  readonly changed: (tenant: string) => Promise<void>;
}

type Change = (current: WebhookEndpointDocument) => WebhookEndpointDocument;

/** Where tenants want events sent. `secrets[0]` of what `create` and `rotate` return is the one to show, once. */
export class WebhooksRegistry {
  constructor(
    private readonly documents: DocumentStore,
    private readonly exclusion: Exclusion,
    private readonly changes: WebhookChanges,
  ) {}

  /** `full`: the tenant has as many as there may be. */
  async create(
    wanted: NewWebhook,
  ): Promise<{ readonly outcome: 'created'; readonly endpoint: WebhookEndpointDocument } | { outcome: 'full' }> {
    const { tenant, url, description, filter = {}, ratePerSecond, concurrency = DEFAULT_CONCURRENCY } = wanted;
    const now = new Date();
    const endpoint: WebhookEndpointDocument = {
      ...{ version: 1, tenant, id: randomUUID(), url, state: 'enabled', secrets: [newSecret(now)], filter },
      ...(description !== undefined && { description }),
      ...(ratePerSecond !== undefined && { ratePerSecond }),
      ...{ concurrency, createdAt: now.toISOString(), updatedAt: now.toISOString() },
    };
    // One at a time, or many at once would each see the last free place.
    return this.exclusion.with(keys.webhooks(tenant), async () => {
      // Before anything is stored too: where nobody can be told there is no endpoint, rather than one that misses events.
      await this.changes.changed(tenant);
      if ((await this.count(tenant)) >= MOST_WEBHOOKS) return { outcome: 'full' };
      await this.documents.write(keys.webhook(tenant, endpoint.id), webhookEndpointDocumentSchema, endpoint);
      await this.changes.changed(tenant);
      return { outcome: 'created', endpoint };
    });
  }

  async find({ tenant, id }: WebhookKey): Promise<WebhookEndpointDocument | undefined> {
    return this.documents.read(keys.webhook(tenant, id), webhookEndpointDocumentSchema);
  }

  /** Endpoints of the tenant by id, disabled ones too. */
  async page(tenant: string, options: PageOptions): Promise<Page<WebhookEndpointDocument>> {
    return readPage(this.documents, keys.webhooks(tenant), webhookEndpointDocumentSchema, options);
  }

  /** All of them, disabled ones too: as many as `create` allows. */
  async all(tenant: string): Promise<WebhookEndpointDocument[]> {
    const endpoints: WebhookEndpointDocument[] = [];
    const listed = this.documents.list(keys.webhooks(tenant), webhookEndpointDocumentSchema);
    for await (const endpoint of listed) endpoints.push(endpoint);
    return endpoints;
  }

  /** Undefined when there is no such endpoint, here and below. */
  async update(endpoint: WebhookKey, edit: WebhookEdit): Promise<WebhookEndpointDocument | undefined> {
    const at = new Date().toISOString();
    return this.change(endpoint, (current) => edited(current, edit, at));
  }

  /** One that is disabled already keeps the reason that it has. */
  async disable(endpoint: WebhookKey, disabling: Disabling): Promise<WebhookEndpointDocument | undefined> {
    const at = new Date().toISOString();
    return this.change(endpoint, (current) => disabledFor(current, disabling, at));
  }

  /** What went wrong before is forgotten. */
  async enable(endpoint: WebhookKey): Promise<WebhookEndpointDocument | undefined> {
    return this.change(endpoint, enabled);
  }

  /** Nothing arrives there since then, unless that was so before. */
  async markFailing(endpoint: WebhookKey, since = new Date()): Promise<WebhookEndpointDocument | undefined> {
    const at = since.toISOString();
    return this.change(endpoint, (current) => failing(current, at));
  }

  /** Something has arrived there. */
  async markWorking(endpoint: WebhookKey): Promise<WebhookEndpointDocument | undefined> {
    return this.change(endpoint, working);
  }

  /** What happens after that is not on its way to it, unless that was so before. */
  async markHeld(endpoint: WebhookKey, since: Date): Promise<WebhookEndpointDocument | undefined> {
    return this.change(endpoint, (current) => held(current, since.toISOString()));
  }

  /** What happens is on its way to it again. */
  async markReleased(endpoint: WebhookKey): Promise<WebhookEndpointDocument | undefined> {
    return this.change(endpoint, released);
  }

  /** It will not be sent what happened in that time. Said until it is enabled again. */
  async markMissing(endpoint: WebhookKey, missed: Missed): Promise<WebhookEndpointDocument | undefined> {
    return this.change(endpoint, (current) => missing(current, missed));
  }

  /** Adds a secret; those before it sign on for the overlap, so that receivers can change over in their own time. */
  async rotate({ tenant, id }: WebhookKey, { overlapMs = DAY_MS, now = new Date() }: Rotation = {}): Promise<Rotated> {
    const fresh = newSecret(now);
    const endpoint = await this.change({ tenant, id }, (current) => {
      const secrets = rotatedSecrets(current, fresh, now, overlapMs);
      return secrets === undefined ? current : { ...current, secrets };
    });
    if (endpoint === undefined) return { outcome: 'missing' };
    return endpoint.secrets[0]?.secret === fresh.secret ? { outcome: 'rotated', endpoint } : { outcome: 'full' };
  }

  /** Returns whether there was one. */
  async remove({ tenant, id }: WebhookKey): Promise<boolean> {
    const removed = await this.documents.remove(keys.webhook(tenant, id));
    if (removed) await this.changes.changed(tenant);
    return removed;
  }

  /** Takes erased people out of every filter of the tenant. Resolves to how many filters named one. */
  async forgetPeople(tenant: string, people: ReadonlySet<string>): Promise<number> {
    const naming = (await this.all(tenant)).filter((endpoint) => withoutPeople(endpoint, people) !== endpoint);
    for (const endpoint of naming) await this.change(endpoint, (current) => withoutPeople(current, people));
    return naming.length;
  }

  private async change({ tenant, id }: WebhookKey, change: Change): Promise<WebhookEndpointDocument | undefined> {
    const updatedAt = new Date().toISOString();
    let isChanged = false as boolean;
    const endpoint = await this.documents.amend(keys.webhook(tenant, id), webhookEndpointDocumentSchema, (current) => {
      const next = change(current);
      isChanged = next !== current;
      return isChanged ? { ...next, updatedAt } : current;
    });
    if (isChanged) await this.changes.changed(tenant);
    return endpoint;
  }

  private async count(tenant: string): Promise<number> {
    const ids: string[] = [];
    for await (const id of idsBelow(this.documents, keys.webhooks(tenant))) ids.push(id);
    return ids.length;
  }
}
