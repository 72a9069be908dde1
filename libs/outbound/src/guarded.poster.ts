import { StageError } from '@facelane/contracts';
import type { Agent } from 'undici';
import { AddressGuard } from './address.guard.js';
import { reasonOf } from './fetch.failure.js';
import { firstText } from './first-text.js';
import { ForbiddenTargetError } from './forbidden-target.error.js';
import { guardedAgent } from './guarded.agent.js';
import type { FetcherOptions } from './guarded.fetcher.js';
import { headerOf } from './header.js';
import { retryAfterMs } from './retry-after.js';
import { parseTarget } from './target.url.js';

/** How long the rest of an answer is listened to once its status is known, milliseconds. */
const BODY_MS = 1_000;

export type PosterOptions = Omit<FetcherOptions, 'maxRedirects'>;

export interface Posting {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  /** Bytes of the answer that are of interest. */
  readonly excerptBytes: number;
}

/** What came of it. Messages complete a sentence that begins with the URL, and name no address. */
export type Posted =
  | {
      readonly outcome: 'answered';
      readonly status: number;
      /** What the answer began with. */
      readonly excerpt: string;
      /** Milliseconds that Retry-After asks for. */
      readonly retryAfterMs?: number;
    }
  | { readonly outcome: 'forbidden' | 'unreachable' | 'timeout'; readonly message: string };

/** Posts to a URL that somebody else chose, on public hosts only, within limits. Redirects are answers like others. */
export class GuardedPoster {
  readonly #agent: Agent;
  readonly #allowHttp: boolean;
  readonly #timeoutMs: number;

  /** @throws UsageError for an entry of `allow` that cannot be read. */
  constructor({ allow, allowHttp = false, timeoutMs = 15_000, resolve, ca }: PosterOptions = {}) {
    this.#agent = guardedAgent({ guard: new AddressGuard(allow), resolve, ca, connectTimeoutMs: timeoutMs });
    this.#allowHttp = allowHttp;
    this.#timeoutMs = timeoutMs;
  }

  /** @throws the reason of `signal` when the caller gave up. */
  async post(url: string, posting: Posting): Promise<Posted> {
    const { signal } = posting;
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    try {
      return await this.#post(url, { ...posting, signal: AbortSignal.any([signal, timeout]) });
    } catch (error) {
      signal.throwIfAborted();
      if (timeout.aborted) {
        return { outcome: 'timeout', message: `did not answer within ${this.#timeoutMs / 1000} s` };
      }
      if (error instanceof ForbiddenTargetError) return { outcome: 'forbidden', message: error.message };
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (error instanceof StageError || typeof code !== 'string') throw error;
      return { outcome: 'unreachable', message: `could not be reached: ${reasonOf(code)}` };
    }
  }

  /** Lets go of idle connections, and breaks off what is still running. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #post(url: string, { headers, body, signal, excerptBytes }: Posting): Promise<Posted> {
    const target = parseTarget(url, { allowHttp: this.#allowHttp });
    const answer = await this.#agent.request({
      origin: target.origin,
      path: target.pathname + target.search,
      method: 'POST',
      headers: { ...headers, 'accept-encoding': 'identity' },
      body,
      signal,
    });
    const { statusCode: status } = answer;
    // After its end nobody else would hear that it was destroyed.
    answer.body.on('error', () => undefined);
    const excerpt = await firstText(answer.body, { bytes: excerptBytes, ms: BODY_MS });
    const afterMs = retryAfterMs(headerOf(answer.headers, 'retry-after'), Date.now());
    return { outcome: 'answered', status, excerpt, ...(afterMs !== undefined && { retryAfterMs: afterMs }) };
  }
}
