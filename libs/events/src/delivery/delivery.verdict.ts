import type { ErrorCode } from '@facelane/contracts';
import type { Posted } from '@facelane/outbound';
import type { PlaceEnd } from '@facelane/queue';

/** How long an endpoint that has too much to do is left alone when it does not say, in milliseconds. */
const PAUSE_MS = 5_000;

export interface Verdict {
  /** Absent: it was delivered. */
  readonly failure?: {
    readonly code: ErrorCode;
    /** Completes a sentence that begins with the endpoint. */
    readonly message: string;
  };
  /** What it says of the endpoint's strength. */
  readonly end: PlaceEnd;
  /** How long the endpoint wants to be left alone, in milliseconds. */
  readonly pauseMs?: number;
}

/** What an answer, or none, means. Only a status of 2xx says that the event was taken. */
export function verdictOf(posted: Posted): Verdict {
  switch (posted.outcome) {
    case 'answered':
      return verdictOfStatus(posted.status, posted.retryAfterMs);
    case 'timeout':
      return failed('EVENTS.NO_ANSWER', posted.message, 'hung');
    case 'unreachable':
      return failed('EVENTS.UNREACHABLE', posted.message);
    case 'forbidden':
      return failed('EVENTS.ADDRESS_REFUSED', posted.message);
  }
}

function verdictOfStatus(status: number, retryAfterMs: number | undefined): Verdict {
  if (status >= 200 && status < 300) return { end: 'well' };
  const message = `answered with status ${status}`;
  if (status >= 300 && status < 400) return failed('EVENTS.REDIRECTED', message);
  if (status === 410) return failed('EVENTS.GONE', message);
  if (status !== 429 && status !== 503) return failed('EVENTS.NOT_TAKEN', message);
  return { ...failed('EVENTS.NOT_TAKEN', message, 'busy'), pauseMs: retryAfterMs ?? PAUSE_MS };
}

const failed = (code: ErrorCode, message: string, end: PlaceEnd = 'badly'): Verdict => ({
  failure: { code, message },
  end,
});
