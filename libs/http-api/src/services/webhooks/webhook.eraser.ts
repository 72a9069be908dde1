import type { ErasurePlace } from '@facelane/gallery';
import type { WebhooksRegistry } from '@facelane/registry';

/** Takes erased people out of the filters of webhook endpoints, which name people by id. */
export class WebhookEraser implements ErasurePlace {
  constructor(private readonly webhooks: Pick<WebhooksRegistry, 'forgetPeople'>) {}

  /** Filters belong to the tenant and may name people of any collection; ids are unique across them. */
  async erase({ tenant }: { readonly tenant: string }, people: ReadonlySet<string>): Promise<number> {
    return this.webhooks.forgetPeople(tenant, people);
  }
}
