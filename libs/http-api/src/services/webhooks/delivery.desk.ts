import { randomUUID } from 'node:crypto';
import {
  type AttemptState,
  type DeliveryAttempt,
  deliveryAttemptSchema,
  type EventType,
  exampleEvent,
  type WebhookEndpointDocument,
} from '@facelane/contracts';
import { type DeliverySender, MOST_REPLAYED, type Replayer, verdictOf } from '@facelane/events';
import type { AttemptLog, AttemptPage } from '@facelane/queue';
import { ProblemError } from '../../problem/problem.error.js';
import type { WebhookReplayBody, WebhookTestResultBody } from '../../schemas/delivery.schema.js';

export interface AttemptsQuery {
  readonly event?: string | undefined;
  readonly state?: AttemptState | undefined;
  readonly since?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** What was sent to an endpoint, what is sent to it to see, and what is sent to it again. */
export class DeliveryDesk {
  constructor(
    private readonly sender: Pick<DeliverySender, 'send'>,
    private readonly attempts: Pick<AttemptLog, 'read'>,
    private readonly replayer: Replayer,
  ) {}

  /** Sends the example of the type now, to a disabled endpoint too: somebody wants to see whether it can be enabled. */
  async test(endpoint: WebhookEndpointDocument, type: EventType, signal: AbortSignal): Promise<WebhookTestResultBody> {
    const id = randomUUID();
    const { tenant } = endpoint;
    const body = JSON.stringify({ ...exampleEvent(type), id, timestamp: new Date().toISOString(), tenant });
    const marks = { 'facelane-test': 'true' };
    const { at, latencyMs, posted } = await this.sender.send(endpoint, { id, body, marks }, signal);
    const { failure } = verdictOf(posted);
    return {
      ...{ eventId: id, type, at: at.toISOString(), delivered: failure === undefined, latencyMs },
      ...(posted.outcome === 'answered' && { status: posted.status, excerpt: posted.excerpt }),
      ...(failure && { code: failure.code }),
    };
  }

  /** Newest first. */
  async page({ id }: WebhookEndpointDocument, query: AttemptsQuery): Promise<AttemptPage<DeliveryAttempt>> {
    const { event, state, since, after, limit } = query;
    return this.attempts.read(id, {
      ...{ after, limit },
      sinceMs: since === undefined ? undefined : Date.parse(since),
      parse: (entry) => deliveryAttemptSchema.parse(entry),
      fits: (entry) =>
        (event === undefined || entry.eventId === event) && (state === undefined || entry.state === state),
    });
  }

  /** @throws ProblemError API.WEBHOOK_DISABLED, API.EVENT_MISSING, API.REPLAY_TOO_MANY */
  async replay(endpoint: WebhookEndpointDocument, wish: WebhookReplayBody): Promise<number> {
    if (endpoint.state === 'disabled') {
      throw new ProblemError('API.WEBHOOK_DISABLED', `Webhook endpoint ${endpoint.id} is disabled.`);
    }
    const queued = await this.queue(endpoint, wish);
    if (queued === 'too-many') {
      throw new ProblemError('API.REPLAY_TOO_MANY', `It would be more than ${MOST_REPLAYED} deliveries.`);
    }
    if (queued === 0 && wish.event !== undefined) {
      throw new ProblemError('API.EVENT_MISSING', `There is no event ${wish.event} in the log.`);
    }
    return queued;
  }

  private async queue(
    endpoint: WebhookEndpointDocument,
    { event, failedSince, from, to }: WebhookReplayBody,
  ): Promise<number | 'too-many'> {
    const replay = randomUUID();
    if (event !== undefined) return this.replayer.event(endpoint, event, replay);
    if (failedSince !== undefined) return this.replayer.failedSince(endpoint, new Date(failedSince), replay);
    // The schema asks for both of them otherwise.
    return this.replayer.between(endpoint, [new Date(from!), new Date(to!)], replay);
  }
}
