import { callBase, type CallOptions, type Connection } from '../connection.js';
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhookAttempts,
  listWebhooks,
  replayWebhook,
  rotateWebhook,
  testWebhook,
  updateWebhook,
} from '../generated/sdk.gen.js';
import type {
  NewWebhook,
  Webhook,
  WebhookAttempt,
  WebhookAttemptState,
  WebhookChanges,
  WebhookReplay,
  WebhookReplayed,
  WebhookRotation,
  WebhookTest,
  WebhookTestResult,
  WebhookWithSecret,
} from '../generated/types.gen.js';
import { idempotencyKey } from '../idempotency.key.js';
import { type Listing, listing } from '../listing.js';
import type { SubmitOptions } from './asset.operations.js';
import type { PageQuery } from './page.query.js';

/** Which attempts are wanted. Default: all. */
export interface AttemptQuery extends PageQuery {
  /** Id of an event. */
  readonly event?: string;
  readonly state?: WebhookAttemptState;
  /** No older ones. */
  readonly since?: string;
}

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

  /** Sends the example of a type now, signed, and answers what came of it. */
  test(webhook: string, test: WebhookTest = {}, options?: CallOptions): Promise<WebhookTestResult> {
    return testWebhook({ ...callBase(this.connection, options), path: { webhook }, body: test });
  }

  /** What was sent and what came of it, newest first. */
  attempts(webhook: string, query: AttemptQuery = {}, options?: CallOptions): Listing<WebhookAttempt> {
    return listing((cursor) =>
      listWebhookAttempts({
        ...callBase(this.connection, options),
        path: { webhook },
        query: cursor === undefined ? query : { ...query, cursor },
      }),
    );
  }

  /** Sends again one event, those that failed, or those of a time. Each keeps its id. */
  replay(webhook: string, replay: WebhookReplay, options: SubmitOptions = {}): Promise<WebhookReplayed> {
    return replayWebhook({
      ...callBase(this.connection, options),
      path: { webhook },
      body: replay,
      headers: { 'idempotency-key': options.idempotencyKey ?? idempotencyKey() },
    });
  }

  /** Answers the endpoint as it was. */
  delete(webhook: string, options?: CallOptions): Promise<Webhook> {
    return deleteWebhook({ ...callBase(this.connection, options), path: { webhook } });
  }
}
