import type { WebhookEndpointDocument } from '@facelane/contracts';
import { Controller, Inject } from '@nestjs/common';
import { z } from 'zod';
import type { EndpointInput, EndpointOutput } from '../endpoint/define-endpoint.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import * as endpoints from '../endpoints/delivery.endpoints.js';
import { cursorAfter, readCursor } from '../services/cursor.js';
import { DeliveryDesk } from '../services/webhooks/delivery.desk.js';
import { WebhookDesk } from '../services/webhooks/webhook.desk.js';

const LIST = 'attempts';
/** Id of an entry of a stream. */
const entryIdSchema = z.string().regex(/^\d{1,15}-\d{1,15}$/);

/** What is sent to a tenant's webhook endpoints. */
@Controller()
export class DeliveriesController {
  constructor(
    @Inject(WebhookDesk) private readonly webhooks: WebhookDesk,
    @Inject(DeliveryDesk) private readonly desk: DeliveryDesk,
  ) {}

  @Endpoint(endpoints.testWebhook)
  async test(
    input: EndpointInput<typeof endpoints.testWebhook>,
  ): Promise<EndpointOutput<typeof endpoints.testWebhook>> {
    return this.desk.test(await this.endpointOf(input), input.body.type, input.signal);
  }

  @Endpoint(endpoints.listWebhookAttempts)
  async attempts(
    input: EndpointInput<typeof endpoints.listWebhookAttempts>,
  ): Promise<EndpointOutput<typeof endpoints.listWebhookAttempts>> {
    const { cursor, ...query } = input.query;
    const after = readCursor(cursor, LIST, entryIdSchema);
    const { items, next } = await this.desk.page(await this.endpointOf(input), { ...query, after });
    return { items: [...items], ...(next !== undefined && { next: cursorAfter(LIST, next) }) };
  }

  @Endpoint(endpoints.replayWebhook)
  async replay(
    input: EndpointInput<typeof endpoints.replayWebhook>,
  ): Promise<EndpointOutput<typeof endpoints.replayWebhook>> {
    return { queued: await this.desk.replay(await this.endpointOf(input), input.body) };
  }

  private endpointOf({
    caller,
    params,
  }: {
    readonly caller: { readonly tenant: string };
    readonly params: { readonly webhook: string };
  }): Promise<WebhookEndpointDocument> {
    return this.webhooks.require({ tenant: caller.tenant, id: params.webhook });
  }
}
