import { FacelaneWebhookRefused } from './facelane.webhook-refused.js';

/** Headers as `fetch` has them, or as Node's servers do: names in any case. */
export type IncomingHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface SignedHeaders {
  readonly id: string;
  /** Seconds since 1970, as it was signed. */
  readonly timestamp: string;
  readonly signature: string;
}

/** @throws FacelaneWebhookRefused when one is missing or empty, or the time is no number of seconds */
export function signedHeaders(headers: IncomingHeaders): SignedHeaders {
  const [id, timestamp, signature] = (['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const).map((name) => {
    const value = valueOf(headers, name);
    if (value !== undefined && value !== '') return value;
    throw new FacelaneWebhookRefused('header_missing', `The delivery has no ${name}: it is not from Facelane.`);
  }) as [string, string, string];
  if (!/^\d{1,12}$/.test(timestamp)) {
    throw new FacelaneWebhookRefused('timestamp_invalid', 'The webhook-timestamp is not a number of seconds.');
  }
  return { id, timestamp, signature };
}

function valueOf(headers: IncomingHeaders, name: string): string | undefined {
  if (isHeaders(headers)) return headers.get(name) ?? undefined;
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === 'string' ? found : found?.join(' ');
}

const isHeaders = (headers: IncomingHeaders): headers is Headers => typeof headers.get === 'function';
