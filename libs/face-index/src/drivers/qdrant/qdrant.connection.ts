import { UsageError } from '@facelane/contracts';
import { QdrantClient } from '@qdrant/js-client-rest';

export interface QdrantFaceIndexOptions {
  /** Such as `http://localhost:6333`; a path is kept as a prefix. Without a port, Qdrant's own 6333. */
  readonly url: string;
  /** Default: none is sent. */
  readonly apiKey?: string;
  /** How long one request may take, in milliseconds. Default 10 000. */
  readonly timeoutMs?: number;
}

const DEFAULT_PORT = 6333;
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * The client with its surprises taken out: it drops the path of a URL, takes `https://host:443` for port 6333 (URL
 * parsing removes a scheme's default port), and prints to the console when a key is sent over http or the server's
 * version differs.
 */
export function connect(options: QdrantFaceIndexOptions): QdrantClient {
  const { url, explicitPort } = parseUrl(options.url);
  return new QdrantClient({
    url: url.origin,
    port: url.port === '' && explicitPort ? null : DEFAULT_PORT,
    prefix: url.pathname.replace(/\/+$/, ''),
    headers: options.apiKey === undefined ? {} : { 'api-key': options.apiKey },
    timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    checkCompatibility: false,
  });
}

function parseUrl(text: string): { url: URL; explicitPort: boolean } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new UsageError(
      'The address of Qdrant is not an http or https URL.',
      'Set QDRANT_URL to something like http://localhost:6333.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError(
      'The address of Qdrant holds a user name or password.',
      'Put the key into QDRANT_API_KEY instead.',
    );
  }
  return { url, explicitPort: /^https?:\/\/[^/?#]*:\d+(?:[/?#]|$)/i.test(text) };
}
