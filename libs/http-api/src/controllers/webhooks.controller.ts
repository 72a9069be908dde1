import { uuidSchema } from '@facelane/contracts';
import { WebhooksRegistry } from '@facelane/registry';
import { Controller, Inject } from '@nestjs/common';
import type { EndpointInput, EndpointOutput } from '../endpoint/define-endpoint.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import * as endpoints from '../endpoints/webhook.endpoints.js';
import { cursorAfter, readCursor } from '../services/cursor.js';
import { WebhookDesk } from '../services/webhooks/webhook.desk.js';
import { webhookView, webhookWithSecret } from '../views/webhook.view.js';

const LIST = 'webhooks';

/** Where a tenant has events sent. */
@Controller()
export class WebhooksController {
  constructor(
    @Inject(WebhookDesk) private readonly desk: WebhookDesk,
    @Inject(WebhooksRegistry) private readonly webhooks: WebhooksRegistry,
  ) {}

  @Endpoint(endpoints.createWebhook)
  async create({
    caller,
    body,
  }: EndpointInput<typeof endpoints.createWebhook>): Promise<EndpointOutput<typeof endpoints.createWebhook>> {
    return webhookWithSecret(await this.desk.create(caller.tenant, body));
  }

  @Endpoint(endpoints.listWebhooks)
  async list({
    caller,
    query,
  }: EndpointInput<typeof endpoints.listWebhooks>): Promise<EndpointOutput<typeof endpoints.listWebhooks>> {
    const after = readCursor(query.cursor, LIST, uuidSchema);
    const { items, next } = await this.webhooks.page(caller.tenant, { after, limit: query.limit });
    return {
      items: items.map((endpoint) => webhookView(endpoint)),
      ...(next !== undefined && { next: cursorAfter(LIST, next) }),
    };
  }

  @Endpoint(endpoints.getWebhook)
  async get({
    caller,
    params,
  }: EndpointInput<typeof endpoints.getWebhook>): Promise<EndpointOutput<typeof endpoints.getWebhook>> {
    return webhookView(await this.desk.require({ tenant: caller.tenant, id: params.webhook }));
  }

  @Endpoint(endpoints.updateWebhook)
  async update({
    caller,
    params,
    body,
  }: EndpointInput<typeof endpoints.updateWebhook>): Promise<EndpointOutput<typeof endpoints.updateWebhook>> {
    return webhookView(await this.desk.update({ tenant: caller.tenant, id: params.webhook }, body));
  }

  @Endpoint(endpoints.rotateWebhook)
  async rotate({
    caller,
    params,
    body,
  }: EndpointInput<typeof endpoints.rotateWebhook>): Promise<EndpointOutput<typeof endpoints.rotateWebhook>> {
    return webhookWithSecret(await this.desk.rotate({ tenant: caller.tenant, id: params.webhook }, body.overlapHours));
  }

  @Endpoint(endpoints.deleteWebhook)
  async remove({
    caller,
    params,
  }: EndpointInput<typeof endpoints.deleteWebhook>): Promise<EndpointOutput<typeof endpoints.deleteWebhook>> {
    return webhookView(await this.desk.remove({ tenant: caller.tenant, id: params.webhook }));
  }
}
