import { urlName } from '@facelane/contracts';
import type { Agent } from 'undici';
import { AddressGuard } from './address.guard.js';
import { readCapped } from './capped.body.js';
import { networkFailure, notAllowed, statusFailure, unreachable } from './fetch.failure.js';
import { guardedAgent, type Resolve } from './guarded.agent.js';
import { type AnswerHeaders, headerOf } from './header.js';
import { parseTarget } from './target.url.js';

export interface FetcherOptions {
  /** Host names, addresses and networks that need not be public. Default: none. */
  readonly allow?: readonly string[] | undefined;
  /** Also plain http. Default: https only. */
  readonly allowHttp?: boolean | undefined;
  /** For everything from the first lookup to the last byte, milliseconds. Default 15000. */
  readonly timeoutMs?: number | undefined;
  /** Default 3. */
  readonly maxRedirects?: number | undefined;
  /** Default: the system's resolver. */
  readonly resolve?: Resolve | undefined;
  /** Certificates (PEM) trusted instead of Node's own list. */
  readonly ca?: string | undefined;
}

export interface FetchLimits {
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

interface Hop {
  readonly target: URL;
  /** What messages call it. */
  readonly subject: string;
}

/** No cookie, no login, no referrer; `identity` because a small encoded answer may be an endless decoded one. */
const HEADERS = { accept: 'image/*', 'accept-encoding': 'identity', 'user-agent': 'facelane' };

/** Fetches what lies under a URL that somebody else chose, from public hosts only, within limits. */
export class GuardedFetcher {
  readonly #agent: Agent;
  readonly #allowHttp: boolean;
  readonly #timeoutMs: number;
  readonly #maxRedirects: number;

  /** @throws UsageError for an entry of `allow` that cannot be read. */
  constructor({ allow, allowHttp = false, timeoutMs = 15_000, maxRedirects = 3, resolve, ca }: FetcherOptions = {}) {
    const guard = new AddressGuard(allow);
    this.#agent = guardedAgent({ guard, resolve, ca, connectTimeoutMs: timeoutMs });
    this.#allowHttp = allowHttp;
    this.#timeoutMs = timeoutMs;
    this.#maxRedirects = maxRedirects;
  }

  /**
   * The bytes under `url`.
   *
   * @throws StageError INGEST.URL_NOT_ALLOWED, URL_UNREACHABLE, SOURCE_MISSING, SOURCE_DENIED or TOO_LARGE, naming the
   * URL without what may be secret in it; the reason of `signal` when the caller gave up.
   */
  async fetch(url: string, { maxBytes, signal }: FetchLimits): Promise<Uint8Array> {
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    try {
      return await this.#follow(url, { maxBytes, signal: AbortSignal.any([signal, timeout]) });
    } catch (error) {
      signal.throwIfAborted();
      if (!timeout.aborted) throw error;
      throw unreachable(`${urlName(url)} did not arrive within ${this.#timeoutMs / 1000} s.`, { cause: error });
    }
  }

  /** Lets go of idle connections, and breaks off what is still running. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #follow(url: string, limits: FetchLimits): Promise<Uint8Array> {
    let hop = this.#hop(url, urlName(url));
    for (let redirects = 0; ; redirects++) {
      const { target, subject } = hop;
      const answer = await this.#ask(hop, limits).catch((error: unknown) => {
        throw networkFailure(error, subject);
      });
      if (typeof answer !== 'string') return answer;
      if (redirects === this.#maxRedirects) {
        throw notAllowed(`${urlName(url)} redirects more than ${this.#maxRedirects} times`);
      }
      hop = this.#hop(answer, `${urlName(url)} redirects to a URL that`, target);
    }
  }

  /** Every hop passes the same checks as the first. */
  #hop(text: string, subject: string, from?: URL): Hop {
    try {
      return { target: parseTarget(text, { allowHttp: this.#allowHttp, ...(from && { from }) }), subject };
    } catch (error) {
      throw networkFailure(error, subject);
    }
  }

  /** The photo, or where it is said to be. */
  async #ask({ target, subject }: Hop, { maxBytes, signal }: FetchLimits): Promise<Uint8Array | string> {
    const { statusCode, headers, body } = await this.#agent.request({
      origin: target.origin,
      path: target.pathname + target.search,
      method: 'GET',
      headers: HEADERS,
      signal,
    });
    // Of a body that is thrown away nobody else would hear the error.
    body.on('error', () => undefined);
    try {
      const location = locationOf(statusCode, headers);
      if (location !== undefined) return location;
      if (statusCode < 200 || statusCode > 299) throw statusFailure(statusCode, headers, subject);
      if (isEncoded(headers)) throw notAllowed(`${subject} answers with a compressed body, which was not asked for`);
      const announced = headerOf(headers, 'content-length');
      return await readCapped(body as AsyncIterable<Uint8Array>, announced, { maxBytes, subject });
    } finally {
      // After the last byte nothing is left to destroy, and the connection is kept; before it, it is closed at once.
      body.destroy();
    }
  }
}

function locationOf(status: number, headers: AnswerHeaders): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? headerOf(headers, 'location') : undefined;
}

function isEncoded(headers: AnswerHeaders): boolean {
  return !['', 'identity'].includes((headerOf(headers, 'content-encoding') ?? '').toLowerCase());
}
