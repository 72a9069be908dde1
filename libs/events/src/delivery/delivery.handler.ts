import {
  type DeliveryJob,
  type DeliveryOutput,
  type EventDelivery,
  Postponement,
  type RetryPolicy,
  type StageContext,
  StageError,
  type WebhookEndpointDocument,
} from '@facelane/contracts';
import type { AttemptLog } from '@facelane/queue';
import type { EndpointBook } from '../dispatch/endpoint.book.js';
import { type Attempt, attemptOf, failedOf } from './delivery.attempt.js';
import type { DeliverySender, Sent } from './delivery.sender.js';
import { verdictOf } from './delivery.verdict.js';
import type { EndpointHealth } from './endpoint.health.js';
import type { EndpointTurns } from './endpoint.turns.js';
import type { FirstTries } from './first.tries.js';

/** After so long it is tried again when it is not known where to send, in milliseconds. */
const STORE_AWAY_MS = 5_000;

export interface DeliveryParts {
  readonly endpoints: Pick<EndpointBook, 'find'>;
  readonly turns: Pick<EndpointTurns, 'take'>;
  readonly sender: Pick<DeliverySender, 'send'>;
  readonly firstTries: Pick<FirstTries, 'send'>;
  readonly attempts: Pick<AttemptLog, 'append'>;
  readonly health: Pick<EndpointHealth, 'delivered' | 'failed' | 'gone' | 'tell'>;
  /** Of the stage. */
  readonly retry: RetryPolicy;
  /** Told when something could not be noted of an endpoint; the delivery is as it is. */
  readonly onTrouble: (error: unknown) => void;
}

/** Sends events to one endpoint, when it is that endpoint's turn. */
export class DeliveryHandler {
  readonly stage = 'delivery';

  constructor(private readonly parts: DeliveryParts) {}

  readonly handle = async (job: DeliveryJob, { signal, attempt }: StageContext): Promise<DeliveryOutput> => {
    const { assetId } = job;
    const endpoint = await this.endpointOf(job);
    if (endpoint !== undefined && 'failed' in job && job.failed !== undefined) {
      throw failureOf(endpoint, job.failed, undefined);
    }
    if (endpoint?.state !== 'enabled') {
      if (endpoint !== undefined) await this.note(() => this.parts.health.tell(endpoint));
      return { assetId, outcome: 'dropped' };
    }
    if ('eventIds' in job) {
      const attempts = await this.parts.firstTries.send(endpoint, job, signal);
      for (const each of distinct(attempts)) await this.note(() => this.healthAfter(endpoint, each));
      return { assetId, outcome: attempts.length > 0 ? 'delivered' : 'dropped' };
    }
    return { assetId, outcome: await this.deliver(endpoint, job, attempt + (job.tried ?? 0), signal) };
  };

  /** What the store does not say now is no fault of the receiver, and takes none of its attempts. */
  private async endpointOf({ tenant, endpointId }: DeliveryJob): Promise<WebhookEndpointDocument | undefined> {
    try {
      return await this.parts.endpoints.find({ tenant, id: endpointId });
    } catch (error) {
      if (!(error instanceof StageError) || error.retry === 'never') throw error;
      throw new Postponement(STORE_AWAY_MS * (0.5 + Math.random()), `Webhook endpoint ${endpointId} was not read.`);
    }
  }

  private async deliver(
    endpoint: WebhookEndpointDocument,
    job: EventDelivery,
    number: number,
    signal: AbortSignal,
  ): Promise<DeliveryOutput['outcome']> {
    const sent = await this.send(endpoint, job, signal);
    if (sent === undefined) return 'dropped';
    const attempt = attemptOf(job, sent, number, this.parts.retry);
    await this.parts.attempts.append(endpoint.id, attempt.entry);
    await this.note(() => this.healthAfter(endpoint, attempt));
    if (attempt.verdict.failure === undefined) return 'delivered';
    throw failureOf(endpoint, failedOf(attempt), attempt.wait);
  }

  /** Undefined when there is nothing to send any more. */
  private async send(
    endpoint: WebhookEndpointDocument,
    { eventId: id, body, replay }: EventDelivery,
    signal: AbortSignal,
  ): Promise<Sent | undefined> {
    const marks = replay === true ? { 'facelane-replay': 'true' } : {};
    const turn = await this.parts.turns.take(endpoint, id);
    if (turn === undefined) return undefined;
    let sent: Sent;
    try {
      sent = await this.parts.sender.send(endpoint, { id, body, marks }, signal);
    } catch (error) {
      await turn.end('none', 0);
      throw error;
    }
    const { end, pauseMs } = verdictOf(sent.posted);
    await turn.end(end, sent.latencyMs, pauseMs);
    return sent;
  }

  private async healthAfter(
    endpoint: WebhookEndpointDocument,
    { sent: { posted }, verdict: { failure } }: Attempt,
  ): Promise<void> {
    const { health } = this.parts;
    if (failure === undefined) await health.delivered(endpoint);
    else if (failure.code === 'EVENTS.GONE') await health.gone(endpoint);
    else await health.failed(endpoint, posted.outcome === 'answered' ? posted.status : undefined);
  }

  private async note(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.parts.onTrouble(error));
  }
}

/** One that was taken says as much of an endpoint as a hundred; so does one that failed. The last of each, in their order. */
function distinct(attempts: readonly Attempt[]): Attempt[] {
  const good = attempts.findLast(({ verdict }) => verdict.failure === undefined);
  const bad = attempts.findLast(({ verdict }) => verdict.failure !== undefined);
  return attempts.filter((attempt) => attempt === good || attempt === bad);
}

/** Of the URL only the host is told: receivers put tokens into paths and queries. */
function failureOf(
  { id, url }: WebhookEndpointDocument,
  { code, message, status }: NonNullable<EventDelivery['failed']>,
  wait: number | undefined,
): StageError {
  return new StageError(code, `Webhook endpoint ${id} at ${new URL(url).host} ${message}.`, {
    retry: wait === undefined ? 'never' : { afterMs: wait },
    safeDetails: { endpointId: id, ...(status !== undefined && { status }) },
  });
}
