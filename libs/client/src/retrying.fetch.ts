import type { delay } from './delay.js';
import { mayBeRepeated, waitBeforeRetry } from './retry.policy.js';

export type Fetch = (request: Request) => Promise<Response>;

export interface RetryOptions {
  readonly fetch: Fetch;
  /** How often a request is sent again. 0: never. */
  readonly retries: number;
  readonly wait: typeof delay;
  /** Which requests may be sent twice. Default: those whose method or Idempotency-Key says so. */
  readonly repeats?: (request: Request) => boolean;
}

/** `fetch` that sends a request again when it was not answered, or was answered with "later". */
export function retryingFetch({ fetch, retries, wait, repeats = mayBeRepeated }: RetryOptions): Fetch {
  return async (request) => {
    const most = repeats(request) ? retries + 1 : 1;
    for (let tries = 1; tries < most; tries += 1) {
      // The body of a request can be read once: copies are sent, and the last time the request itself.
      const answer = await attempt(fetch, request.clone());
      const ms = waitBeforeRetry(tries, answer.response);
      if (answer.response !== undefined && ms === undefined) return answer.response;
      if (answer.response === undefined && request.signal.aborted) throw answer.error;
      await wait(ms ?? 0, request.signal);
    }
    return fetch(request);
  };
}

type Attempt =
  { readonly response: Response; readonly error?: never } | { readonly response?: never; readonly error: unknown };

async function attempt(fetch: Fetch, request: Request): Promise<Attempt> {
  try {
    return { response: await fetch(request) };
  } catch (error) {
    return { error };
  }
}
