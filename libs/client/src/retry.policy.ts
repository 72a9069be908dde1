import { retryAfterSeconds } from './facelane.problem.js';

/** Too many requests; a server behind the API is away; a request with the same Idempotency-Key is still under way. */
const REPEATED_STATUSES = [429, 503, 409];

/** Methods whose repetition changes nothing more. PATCH of this API sets fields to what the request says. */
const REPEATABLE_METHODS = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'];

/** Longest wait of one retry; somebody who is told to wait longer is better told so than kept waiting. */
const LONGEST_WAIT_MS = 60_000;
const FIRST_WAIT_MS = 250;

/** Whether the same request twice has the effect of one. */
export const mayBeRepeated = ({ method, headers }: Pick<Request, 'method' | 'headers'>): boolean =>
  REPEATABLE_METHODS.includes(method) || headers.has('idempotency-key');

/**
 * How long to wait before the request is sent again, in milliseconds; undefined: not at all.
 *
 * @param tries - how often it was sent, from 1
 * @param response - undefined: there was none
 */
export function waitBeforeRetry(tries: number, response: Response | undefined): number | undefined {
  // Half of it by chance, so that clients that were refused together do not come back together.
  const backoff = FIRST_WAIT_MS * 2 ** (tries - 1) * (0.5 + Math.random() / 2);
  if (response === undefined) return backoff;
  if (!REPEATED_STATUSES.includes(response.status)) return undefined;
  const seconds = retryAfterSeconds(response.headers);
  // Most conflicts stay one; the API says when to ask again about the one that passes.
  if (seconds === undefined) return response.status === 409 ? undefined : backoff;
  return seconds * 1000 > LONGEST_WAIT_MS ? undefined : Math.max(seconds * 1000, backoff);
}
