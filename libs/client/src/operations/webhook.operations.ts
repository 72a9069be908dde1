import { callBase, type CallOptions, type Connection } from '../connection.js';
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  rotateWebhook,
  updateWebhook,
} from '../generated/sdk.gen.js';
import type {
  NewWebhook,
  Webhook,
  WebhookChanges,
  WebhookRotation,
  WebhookWithSecret,
} from '../generated/types.gen.js';
import { idempotencyKey } from '../idempotency.key.js';
import { type Listing, listing } from '../listing.js';
import type { SubmitOptions } from './asset.operations.js';
import type { PageQuery } from './page.query.js';

/** Where events are sent. */
export class WebhookOperations {
  constructor(private readonly connection: Connection) {}

  /** The secret is shown in this answer and never again. */
  create(webhook: NewWebhook, options: SubmitOptions = {}): Promise<WebhookWithSecret> {
    return createWebhook({
      ...callBase(this.connection, options),
      body: webhook,
      headers: { 'idempotency-key': options.idempotencyKey ?? idempotencyKey() },
    });
  }

  get(webhook: string, options?: CallOptions): Promise<Webhook> {
    return getWebhook({ ...callBase(this.connection, options), path: { webhook } });
  }

  /** Endpoints by id, disabled ones too. */
  list(query: PageQuery = {}, options?: CallOptions): Listing<Webhook> {
    return listing((cursor) =>
      listWebhooks({
        ...callBase(this.connection, options),
        query: cursor === undefined ? query : { ...query, cursor },
      }),
    );
  }

  /** What is absent stays; `state` disables and enables it. */
  update(webhook: string, changes: WebhookChanges, options?: CallOptions): Promise<Webhook> {
    return updateWebhook({ ...callBase(this.connection, options), path: { webhook }, body: changes });
  }

  /** A new secret, shown in this answer and never again. Those before it sign on for the overlap. */
  rotate(webhook: string, rotation: WebhookRotation = {}, options: SubmitOptions = {}): Promise<WebhookWithSecret> {
    return rotateWebhook({
      ...callBase(this.connection, options),
      path: { webhook },
      body: rotation,
      headers: { 'idempotency-key': options.idempotencyKey ?? idempotencyKey() },
    });
  }

  /** Answers the endpoint as it was. */
  delete(webhook: string, options?: CallOptions): Promise<Webhook> {
    return deleteWebhook({ ...callBase(this.connection, options), path: { webhook } });
  }
}
