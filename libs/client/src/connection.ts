import { delay } from './delay.js';
import { FacelaneProblem } from './facelane.problem.js';
import { FacelaneUnreachable, unreachable } from './facelane.unreachable.js';
import { type Client, createClient } from './generated/client/index.js';
import { mayBeRepeated } from './retry.policy.js';
import { type Fetch, retryingFetch } from './retrying.fetch.js';
import { readWhole } from './whole.response.js';

export interface ConnectionOptions {
  /** Address of the API, such as `https://faces.example.com`. */
  readonly url: string;
  /** API key. */
  readonly key: string;
  /** Whose data to work with. Only the operator's key may name a tenant; other keys belong to one. */
  readonly tenant?: string;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
  /** How often a request is sent again that had no answer, or 429 or 503. Default 3; 0: never. */
  readonly retries?: number;
}

/** What may be said about one call. */
export interface CallOptions {
  /** Gives the call up. */
  readonly signal?: AbortSignal;
}

/** How operations reach the API. */
export interface Connection {
  /** Sends requests again that may be sent twice; throws FacelaneProblem and FacelaneUnreachable. */
  readonly client: Client;
  readonly url: URL;
  readonly fetch: {
    /** As the client does it. */
    readonly usual: typeof fetch;
    /** For a POST that changes nothing. */
    readonly always: typeof fetch;
    readonly never: typeof fetch;
    /** Resolves with the head of the answer; its body comes as it is made. Sent once. */
    readonly streaming: typeof fetch;
  };
}

/** What every call of the generated client is given. */
export interface CallBase {
  readonly client: Client;
  readonly throwOnError: true;
  readonly signal?: AbortSignal;
}

export const callBase = ({ client }: Connection, { signal }: CallOptions = {}): CallBase => ({
  client,
  throwOnError: true,
  ...(signal !== undefined && { signal }),
});

const DEFAULT_RETRIES = 3;

/** @throws TypeError when the url or the key cannot be used. */
export function connect(options: ConnectionOptions): Connection {
  const { key, tenant, retries = DEFAULT_RETRIES } = options;
  const url = addressOf(options.url);
  if (key === '') throw new TypeError('The key is empty: an administrator of the API makes keys.');
  const sending = options.fetch ?? globalThis.fetch;
  const plain: Fetch = async (request) => readWhole(await sending(request));
  const repeating = (repeats: (request: Request) => boolean): typeof fetch =>
    asFetch(retryingFetch({ fetch: plain, retries, wait: delay, repeats }));
  const fetches = {
    usual: repeating(mayBeRepeated),
    always: repeating(() => true),
    never: asFetch(plain),
    streaming: asFetch(sending),
  };
  const client = createClient({
    baseUrl: url.href.replace(/\/$/, ''),
    auth: key,
    fetch: fetches.usual,
    responseStyle: 'data',
    throwOnError: true,
    ...(tenant !== undefined && { headers: { 'Facelane-Tenant': tenant } }),
  });
  client.interceptors.error.use((error, response) => failureOf(error, response, url));
  client.interceptors.response.use((response) => requireApi(response, url));
  return { client, url, fetch: fetches };
}

function addressOf(url: string): URL {
  try {
    const parsed = new URL(url);
    if (/^https?:$/.test(parsed.protocol)) return parsed;
  } catch {
    // Said below.
  }
  throw new TypeError(`"${url}" is not the address of an API: give one such as https://faces.example.com.`);
}

/** The generated client builds the whole request before it sends it. */
const asFetch =
  (send: Fetch): typeof fetch =>
  (input, init) =>
    send(input instanceof Request && init === undefined ? input : new Request(input, init));

/** What a failed call throws. Without a response, what is thrown is fetch's, or the reason why the call was given up. */
function failureOf(error: unknown, response: Response | undefined, { origin }: URL): unknown {
  if (response !== undefined) {
    return new FacelaneProblem(typeof error === 'object' && error !== null ? { ...error } : {}, response);
  }
  return error instanceof TypeError ? unreachable(origin, error) : error;
}

/** Another server that says 200 to everything would be believed. */
function requireApi(response: Response, { origin }: URL): Response {
  if (!response.ok || !(response.headers.get('content-type') ?? '').startsWith('text/html')) return response;
  throw new FacelaneUnreachable(origin, 'answered with a web page.');
}
