import {
  type DeliveryAttempt,
  type DeliveryJob,
  type DeliveryOutput,
  ERROR_CODES,
  Postponement,
  type RetryPolicy,
  retryDelayMs,
  type StageContext,
  StageError,
  type WebhookEndpointDocument,
} from '@facelane/contracts';
import type { AttemptLog } from '@facelane/queue';
import type { EndpointBook } from '../dispatch/endpoint.book.js';
import type { DeliverySender, Sent } from './delivery.sender.js';
import { type Verdict, verdictOf } from './delivery.verdict.js';
import type { EndpointHealth } from './endpoint.health.js';
import type { EndpointTurns } from './endpoint.turns.js';

/** After so long it is tried again when it is not known where to send, in milliseconds. */
const STORE_AWAY_MS = 5_000;

export interface DeliveryParts {
  readonly endpoints: Pick<EndpointBook, 'find'>;
  readonly turns: Pick<EndpointTurns, 'take'>;
  readonly sender: Pick<DeliverySender, 'send'>;
  readonly attempts: Pick<AttemptLog, 'append'>;
  readonly health: Pick<EndpointHealth, 'delivered' | 'failed' | 'gone' | 'tell'>;
  /** Of the stage. */
  readonly retry: RetryPolicy;
  /** Told when something could not be noted of an endpoint; the delivery is as it is. */
  readonly onTrouble: (error: unknown) => void;
}

/** Sends one event to one endpoint, when it is that endpoint's turn. */
export class DeliveryHandler {
  readonly stage = 'delivery';

  constructor(private readonly parts: DeliveryParts) {}

  readonly handle = async (job: DeliveryJob, { signal, attempt }: StageContext): Promise<DeliveryOutput> => {
    const { assetId } = job;
    const endpoint = await this.endpointOf(job);
    if (endpoint?.state !== 'enabled') {
      if (endpoint !== undefined) await this.note(() => this.parts.health.tell(endpoint));
      return { assetId, outcome: 'dropped' };
    }
    const sent = await this.send(endpoint, job, signal);
    if (sent === undefined) return { assetId, outcome: 'dropped' };
    const verdict = verdictOf(sent.posted);
    const wait = this.waitAfter(verdict, attempt);
    await this.parts.attempts.append(endpoint.id, attemptOf(job, attempt, sent, { verdict, wait }));
    await this.note(() => this.healthAfter(endpoint, sent, verdict));
    if (verdict.failure === undefined) return { assetId, outcome: 'delivered' };
    throw failureOf(endpoint, verdict.failure, sent, wait);
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

  /** Undefined when there is nothing to send any more. */
  private async send(
    endpoint: WebhookEndpointDocument,
    { eventId: id, body, replay }: DeliveryJob,
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

  /** Milliseconds until the next attempt; undefined when there is none. Whoever asks for a wait gets it at least. */
  private waitAfter({ failure, pauseMs = 0 }: Verdict, attempt: number): number | undefined {
    const { retry } = this.parts;
    if (failure === undefined || ERROR_CODES[failure.code].retry === 'never') return undefined;
    return attempt < retry.attempts ? Math.max(pauseMs, retryDelayMs(retry, attempt)) : undefined;
  }

  private async healthAfter(endpoint: WebhookEndpointDocument, { posted }: Sent, { failure }: Verdict): Promise<void> {
    const { health } = this.parts;
    if (failure === undefined) await health.delivered(endpoint);
    else if (failure.code === 'EVENTS.GONE') await health.gone(endpoint);
    else await health.failed(endpoint, posted.outcome === 'answered' ? posted.status : undefined);
  }

  private async note(work: () => Promise<void>): Promise<void> {
    await work().catch((error: unknown) => this.parts.onTrouble(error));
  }
}

/** Of the URL only the host is told: receivers put tokens into paths and queries. */
function failureOf(
  { id, url }: WebhookEndpointDocument,
  { code, message }: NonNullable<Verdict['failure']>,
  { posted }: Sent,
  wait: number | undefined,
): StageError {
  return new StageError(code, `Webhook endpoint ${id} at ${new URL(url).host} ${message}.`, {
    retry: wait === undefined ? 'never' : { afterMs: wait },
    safeDetails: { endpointId: id, ...(posted.outcome === 'answered' && { status: posted.status }) },
  });
}

function attemptOf(
  { eventId, type, replay }: DeliveryJob,
  attempt: number,
  { at, latencyMs, posted }: Sent,
  { verdict: { failure }, wait }: { readonly verdict: Verdict; readonly wait: number | undefined },
): DeliveryAttempt {
  const answered = posted.outcome === 'answered' ? posted : undefined;
  return {
    ...{ eventId, type, at: at.toISOString(), attempt, latencyMs },
    state: failure === undefined ? 'delivered' : wait === undefined ? 'dead' : 'failed',
    ...(answered && { status: answered.status, excerpt: answered.excerpt }),
    ...(failure && { code: failure.code }),
    ...(replay && { replay }),
    ...(wait !== undefined && { nextAt: new Date(Date.now() + wait).toISOString() }),
  };
}
