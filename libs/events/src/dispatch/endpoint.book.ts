import type { WebhookEndpointDocument } from '@facelane/contracts';
import { CachedLookup, type CachedLookupOptions, type WebhookKey, type WebhooksRegistry } from '@facelane/registry';

/** Endpoints as they were some seconds ago at most: every event and every delivery asks for them. */
export class EndpointBook {
  private readonly one: CachedLookup<WebhookEndpointDocument | undefined>;
  private readonly all: CachedLookup<readonly WebhookEndpointDocument[]>;

  constructor(
    private readonly webhooks: Pick<WebhooksRegistry, 'find' | 'all'>,
    options?: CachedLookupOptions,
  ) {
    this.one = new CachedLookup(options);
    this.all = new CachedLookup(options);
  }

  /** Undefined when it was deleted. */
  async find(endpoint: WebhookKey): Promise<WebhookEndpointDocument | undefined> {
    return this.one.get(`${endpoint.tenant}/${endpoint.id}`, () => this.webhooks.find(endpoint));
  }

  /** Those that are sent something. */
  async enabled(tenant: string): Promise<readonly WebhookEndpointDocument[]> {
    const all = await this.all.get(tenant, () => this.webhooks.all(tenant));
    return all.filter(({ state }) => state === 'enabled');
  }

  /** Whoever changed it knows that what is remembered is out of date. */
  forget({ tenant, id }: WebhookKey): void {
    this.one.forget(`${tenant}/${id}`);
    this.all.forget(tenant);
  }
}
