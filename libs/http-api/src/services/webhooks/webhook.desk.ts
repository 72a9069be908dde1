import { urlName, type WebhookEndpointDocument } from '@facelane/contracts';
import { ForbiddenTargetError, type TargetCheck } from '@facelane/outbound';
import type { AttemptLog } from '@facelane/queue';
import { MOST_WEBHOOKS, type WebhookKey, type WebhooksRegistry } from '@facelane/registry';
import { ProblemError } from '../../problem/problem.error.js';
import type { NewWebhookBody, WebhookChangesBody } from '../../schemas/webhook.schema.js';
import type { CollectionLookup } from '../collection.lookup.js';

const HOUR_MS = 60 * 60_000;

/** Webhook endpoints as requests ask for them: what they name is checked before it is kept. */
export class WebhookDesk {
  constructor(
    private readonly webhooks: WebhooksRegistry,
    private readonly targets: Pick<TargetCheck, 'require'>,
    private readonly collections: Pick<CollectionLookup, 'require'>,
    private readonly attempts: Pick<AttemptLog, 'delete'>,
  ) {}

  /** @throws ProblemError API.WEBHOOK_URL_REFUSED, API.COLLECTION_MISSING, API.WEBHOOKS_FULL */
  async create(tenant: string, wish: NewWebhookBody): Promise<WebhookEndpointDocument> {
    await this.check(tenant, wish);
    const created = await this.webhooks.create({ ...wish, tenant });
    if (created.outcome === 'created') return created.endpoint;
    throw new ProblemError('API.WEBHOOKS_FULL', `Your tenant has ${MOST_WEBHOOKS} webhook endpoints.`);
  }

  /** @throws ProblemError API.WEBHOOK_MISSING, here and below; also for an endpoint of another tenant. */
  async require(webhook: WebhookKey): Promise<WebhookEndpointDocument> {
    return found(webhook, await this.webhooks.find(webhook));
  }

  /** @throws ProblemError API.WEBHOOK_URL_REFUSED, API.COLLECTION_MISSING */
  async update(webhook: WebhookKey, changes: WebhookChangesBody): Promise<WebhookEndpointDocument> {
    await this.require(webhook);
    await this.check(webhook.tenant, changes);
    return found(webhook, await this.webhooks.update(webhook, changes));
  }

  /** @throws ProblemError API.WEBHOOK_SECRETS_FULL */
  async rotate(webhook: WebhookKey, overlapHours: number): Promise<WebhookEndpointDocument> {
    const rotated = await this.webhooks.rotate(webhook, { overlapMs: overlapHours * HOUR_MS });
    switch (rotated.outcome) {
      case 'rotated':
        return rotated.endpoint;
      case 'missing':
        throw missing(webhook);
      case 'full':
        throw new ProblemError(
          'API.WEBHOOK_SECRETS_FULL',
          `Webhook endpoint ${webhook.id} would sign with too many secrets at once.`,
        );
    }
  }

  async remove(webhook: WebhookKey): Promise<WebhookEndpointDocument> {
    const endpoint = await this.require(webhook);
    const removed = await this.webhooks.remove(webhook);
    // Nobody could see them any more, and an erasure would not find them.
    await this.attempts.delete(webhook.id);
    return found(webhook, removed ? endpoint : undefined);
  }

  private async check(tenant: string, { url, filter }: Pick<WebhookChangesBody, 'url' | 'filter'>): Promise<void> {
    if (url !== undefined) await this.requireTarget(url);
    for (const collection of new Set(filter?.collections)) await this.collections.require(tenant, collection);
  }

  private async requireTarget(url: string): Promise<void> {
    try {
      await this.targets.require(url);
    } catch (error) {
      if (!(error instanceof ForbiddenTargetError)) throw error;
      throw new ProblemError('API.WEBHOOK_URL_REFUSED', `${urlName(url)} ${error.message}.`, { cause: error });
    }
  }
}

function found(webhook: WebhookKey, endpoint: WebhookEndpointDocument | undefined): WebhookEndpointDocument {
  if (endpoint === undefined) throw missing(webhook);
  return endpoint;
}

const missing = ({ id }: WebhookKey): ProblemError =>
  new ProblemError('API.WEBHOOK_MISSING', `There is no webhook endpoint ${id}.`);
