import {
  type DeliveryAttempt,
  ERROR_CODES,
  type EventDelivery,
  type RetryPolicy,
  retryDelayMs,
} from '@facelane/contracts';
import type { Sent } from './delivery.sender.js';
import { type Verdict, verdictOf } from './delivery.verdict.js';

/** What is known of an event that is sent. */
export type Attempted = Pick<EventDelivery, 'eventId' | 'type' | 'replay'>;

/** An attempt that was made, and what follows from it. */
export interface Attempt {
  readonly sent: Sent;
  readonly verdict: Verdict;
  /** Milliseconds until the next attempt. Undefined: there is none. */
  readonly wait: number | undefined;
  /** As it is kept. */
  readonly entry: DeliveryAttempt;
}

/** @param number - of the attempt, from 1 */
export function attemptOf(what: Attempted, sent: Sent, number: number, retry: RetryPolicy): Attempt {
  const verdict = verdictOf(sent.posted);
  const wait = waitAfter(verdict, number, retry);
  return { sent, verdict, wait, entry: entryOf(what, number, sent, { verdict, wait }) };
}

/** Why the attempt failed, as a job carries it. */
export function failedOf({ sent: { posted }, verdict: { failure } }: Attempt): NonNullable<EventDelivery['failed']> {
  return { ...failure!, ...(posted.outcome === 'answered' && { status: posted.status }) };
}

/** Whoever asks for a wait gets it at least. */
function waitAfter({ failure, pauseMs = 0 }: Verdict, number: number, retry: RetryPolicy): number | undefined {
  if (failure === undefined || ERROR_CODES[failure.code].retry === 'never') return undefined;
  return number < retry.attempts ? Math.max(pauseMs, retryDelayMs(retry, number)) : undefined;
}

function entryOf(
  { eventId, type, replay }: Attempted,
  attempt: number,
  { at, latencyMs, posted }: Sent,
  { verdict: { failure }, wait }: Pick<Attempt, 'verdict' | 'wait'>,
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
