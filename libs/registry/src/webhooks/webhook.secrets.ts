import { randomBytes } from 'node:crypto';
import type { WebhookEndpointDocument, WebhookSecret } from '@facelane/contracts';

type Endpoint = Pick<WebhookEndpointDocument, 'secrets'>;

/** 256 bits, as many as the HMAC-SHA256 that is made with them; Standard Webhooks asks for 24 to 64 bytes. */
const SECRET_BYTES = 32;
/** Each of them is another signature on every request, which receivers try one after the other. */
const MOST_ACTIVE = 5;

export function newSecret(now: Date): WebhookSecret {
  const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
  return { secret, createdAt: now.toISOString() };
}

/** Those that sign now, newest first. */
export function activeSecrets({ secrets }: Endpoint, now: Date): WebhookSecret[] {
  return secrets.filter(({ expiresAt }) => expiresAt === undefined || Date.parse(expiresAt) > now.getTime());
}

/**
 * The secrets once `fresh` is the newest: those before it sign on for the overlap, unless they expire sooner. Undefined
 * when more would sign than are useful.
 *
 * @param overlapMs 0 ends all others now.
 */
export function rotatedSecrets(
  endpoint: Endpoint,
  fresh: WebhookSecret,
  now: Date,
  overlapMs: number,
): WebhookSecret[] | undefined {
  const end = now.getTime() + overlapMs;
  const others = activeSecrets(endpoint, now).map((secret) => ({
    ...secret,
    expiresAt: new Date(Math.min(end, Date.parse(secret.expiresAt ?? '') || Infinity)).toISOString(),
  }));
  const kept = activeSecrets({ secrets: others }, now);
  return kept.length < MOST_ACTIVE ? [fresh, ...kept] : undefined;
}
