import {
  type EventDelivery,
  type FirstDeliveries,
  type RetryPolicy,
  type WebhookEndpointDocument,
} from '@facelane/contracts';
import type { AttemptLog, EventLog, PlaceEnd } from '@facelane/queue';
import type { DeliveryAdder } from '../dispatch/delivery.adder.js';
import { deliveryJobOf, firstDeliveriesOf, type SentEvent } from '../dispatch/delivery.job.js';
import { type Attempt, attemptOf, failedOf } from './delivery.attempt.js';
import type { DeliverySender } from './delivery.sender.js';
import type { EndpointTurns } from './endpoint.turns.js';

/** So long one turn goes on to the next event, in milliseconds: others wait for theirs. */
const TURN_MS = 1_000;

export interface FirstTriesParts {
  readonly turns: Pick<EndpointTurns, 'take'>;
  readonly sender: Pick<DeliverySender, 'send'>;
  readonly attempts: Pick<AttemptLog, 'append'>;
  readonly log: Pick<EventLog, 'find'>;
  readonly adder: Pick<DeliveryAdder, 'add'>;
  /** Of the stage. */
  readonly retry: RetryPolicy;
  /** Told of events that the log has no more: dropped before their turn came, or of somebody who was erased. */
  readonly onMissing: (endpoint: WebhookEndpointDocument, count: number) => void;
}

interface Tried {
  readonly event: SentEvent;
  readonly attempt: Attempt;
}

/**
 * Sends events for the first time, one after the other in one turn of their endpoint. What fails goes on as a delivery of its own;
 * an endpoint that does not answer, or has too much to do, is left alone, and what is left waits for another turn.
 */
export class FirstTries {
  constructor(private readonly parts: FirstTriesParts) {}

  /**
   * Resolves to the attempts, in their order. Whoever runs this again after a crash sends all of it again.
   *
   * @throws Postponement when it is not the endpoint's turn.
   */
  async send(
    endpoint: WebhookEndpointDocument,
    job: FirstDeliveries,
    signal: AbortSignal,
  ): Promise<readonly Attempt[]> {
    const { tried, left } = await this.inTurn(endpoint, job, signal);
    await this.goOn(endpoint, job, tried, left);
    return tried.map(({ attempt }) => attempt);
  }

  private async inTurn(
    endpoint: WebhookEndpointDocument,
    job: FirstDeliveries,
    signal: AbortSignal,
  ): Promise<{ readonly tried: readonly Tried[]; readonly left: readonly SentEvent[] }> {
    const turn = await this.parts.turns.take(endpoint);
    const tried: Tried[] = [];
    const began = performance.now();
    let [end, pauseMs]: [PlaceEnd, number | undefined] = ['none', undefined];
    try {
      // Not before: who does not get a turn reads nothing, and who was erased meanwhile is not told of.
      const events = await this.eventsOf(endpoint, job);
      for (const event of events) {
        const sent = await this.parts.sender.send(endpoint, event, signal);
        const attempt = attemptOf({ eventId: event.id, type: event.type }, sent, 1, this.parts.retry);
        tried.push({ event, attempt });
        ({ end, pauseMs } = attempt.verdict);
        if (isTrouble(attempt) || performance.now() - began >= TURN_MS) break;
      }
      return { tried, left: events.slice(tried.length) };
    } finally {
      await turn.end(end, performance.now() - began, pauseMs);
      await this.parts.attempts.append(endpoint.id, ...tried.map(({ attempt }) => attempt.entry));
    }
  }

  /** In the order of the job. */
  private async eventsOf(
    endpoint: WebhookEndpointDocument,
    { tenant, eventIds }: FirstDeliveries,
  ): Promise<readonly SentEvent[]> {
    const found = new Map((await this.parts.log.find(tenant, eventIds)).map((event) => [event.id, event]));
    if (found.size < eventIds.length) this.parts.onMissing(endpoint, eventIds.length - found.size);
    return eventIds.flatMap((id) => {
      const event = found.get(id);
      return event === undefined ? [] : [event];
    });
  }

  private async goOn(
    endpoint: WebhookEndpointDocument,
    { lane }: FirstDeliveries,
    tried: readonly Tried[],
    left: readonly SentEvent[],
  ): Promise<void> {
    const wish = { tenant: endpoint.tenant, endpointId: endpoint.id, lane };
    for (const { event, attempt } of tried) {
      const { failure } = attempt.verdict;
      if (failure === undefined) continue;
      const own: EventDelivery = { ...deliveryJobOf(event, wish), tried: 1 };
      if (attempt.wait === undefined) await this.parts.adder.add(wish.tenant, [{ ...own, failed: failedOf(attempt) }]);
      else await this.parts.adder.add(wish.tenant, [own], { delayMs: attempt.wait });
    }
    if (left.length === 0) return;
    await this.parts.adder.add(wish.tenant, [
      firstDeliveriesOf(
        left.map(({ id }) => id),
        wish,
      ),
    ]);
  }
}

/** Whether the endpoint is to be left alone for now. */
const isTrouble = ({ verdict: { end, failure } }: Attempt): boolean =>
  end === 'hung' || end === 'busy' || failure?.code === 'EVENTS.GONE';
