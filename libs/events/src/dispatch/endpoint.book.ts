import type { WebhookEndpointDocument } from '@facelane/contracts';
import type { Revisions } from '@facelane/queue';
import {
  CachedLookup,
  type CachedLookupOptions,
  type WebhookChanges,
  type WebhookKey,
  type WebhooksRegistry,
} from '@facelane/registry';

const nameOf = (tenant: string): string => `webhooks:${tenant}`;

/** What an EndpointBook anywhere asks about, told by whoever changes endpoints. */
export const tellBooks = (revisions: Pick<Revisions, 'changed'>): WebhookChanges => ({
  changed: (tenant) => revisions.changed(nameOf(tenant)),
});

/** Endpoints remembered: every event and every delivery asks for them. */
export class EndpointBook {
  private readonly one: CachedLookup<WebhookEndpointDocument | undefined>;
  private readonly all: CachedLookup<readonly WebhookEndpointDocument[]>;

  constructor(
    private readonly webhooks: Pick<WebhooksRegistry, 'find' | 'all'>,
    private readonly revisions: Pick<Revisions, 'of'>,
    options?: CachedLookupOptions,
  ) {
    this.one = new CachedLookup(options);
    this.all = new CachedLookup(options);
  }

  /** As it was some seconds ago at most. Undefined when it was deleted. */
  async find(endpoint: WebhookKey): Promise<WebhookEndpointDocument | undefined> {
    return this.one.get(`${endpoint.tenant}/${endpoint.id}`, () => this.webhooks.find(endpoint));
  }

  /** Those that are sent something, as they are: one that was made before an event happened must not miss it. */
  async enabled(tenant: string): Promise<readonly WebhookEndpointDocument[]> {
    const revision = await this.revisions.of(nameOf(tenant));
    const all = await this.all.get(`${tenant} ${revision}`, () => this.webhooks.all(tenant));
    return all.filter(({ state }) => state === 'enabled');
  }

  /** Whoever changed it knows that what is remembered is out of date. */
  forget({ tenant, id }: WebhookKey): void {
    this.one.forget(`${tenant}/${id}`);
  }
}
