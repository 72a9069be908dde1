import type { FacelaneEvent } from '../generated/events.gen.js';
import { FacelaneWebhookRefused } from './facelane.webhook-refused.js';
import { type IncomingHeaders, signedHeaders } from './webhook.headers.js';
import { isSigned, keyOf, signaturesOf, type Subtle, subtleOf } from './webhook.signature.js';

const TOLERANCE_SECONDS = 300;

export interface VerifyOptions {
  /** How far its time may be from now, either way. Default 300. */
  readonly toleranceSeconds?: number;
  /** Default: now. */
  readonly now?: Date;
  /** Default: `crypto.subtle`, which Node 18 has in `node:crypto` only. */
  readonly subtle?: Subtle;
}

/**
 * The event of a delivery, once it is certain that it comes from the deployment that has the secret, is whole, and is not
 * an old one played back. Events of types that are newer than this client come through too: have a branch for them.
 *
 * @param body - as it was received, before anything parsed it: other white space is another body
 * @param secrets - of the endpoint; several while one takes the place of another
 * @throws FacelaneWebhookRefused when it is not to be believed; TypeError when a secret is none
 */
export async function verifyWebhook(
  body: string | Uint8Array,
  headers: IncomingHeaders,
  secrets: string | readonly string[],
  { toleranceSeconds = TOLERANCE_SECONDS, now = new Date(), subtle }: VerifyOptions = {},
): Promise<FacelaneEvent> {
  const crypto = subtleOf(subtle);
  const keys = (typeof secrets === 'string' ? [secrets] : secrets).map(keyOf);
  if (keys.length === 0) throw new TypeError('There is no secret to verify a delivery with.');
  const { id, timestamp, signature } = signedHeaders(headers);
  requireRecent(Number(timestamp), now.getTime() / 1000, toleranceSeconds);
  const signatures = signaturesOf(signature);
  if (signatures.length === 0) {
    throw new FacelaneWebhookRefused('signature_malformed', 'The webhook-signature has no signature of version 1.');
  }
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  if (!(await isSigned(crypto, keys, signatures, joined(`${id}.${timestamp}.`, bytes)))) {
    throw new FacelaneWebhookRefused(
      'signature_wrong',
      `Delivery ${id} was signed with another secret, or changed since: check the secret, and that the body is as received.`,
    );
  }
  return eventIn(bytes, id);
}

/** Told this way round, what is no number is refused. */
function requireRecent(signedAt: number, now: number, tolerance: number): void {
  if (!(now - signedAt <= tolerance)) {
    throw new FacelaneWebhookRefused('too_old', `The delivery was signed more than ${tolerance} s ago.`);
  }
  if (!(signedAt - now <= tolerance)) {
    throw new FacelaneWebhookRefused(
      'too_new',
      `The delivery is dated more than ${tolerance} s ahead: check the clock.`,
    );
  }
}

function joined(text: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(text);
  const all = new Uint8Array(head.length + bytes.length);
  all.set(head);
  all.set(bytes, head.length);
  return all;
}

/** Its sender is known by now, so its members are what the sender's version says; it is not checked against this one. */
function eventIn(bytes: Uint8Array, id: string): FacelaneEvent {
  const event = parsed(bytes);
  if (typeof event?.['id'] === 'string' && typeof event['type'] === 'string') return event as unknown as FacelaneEvent;
  throw new FacelaneWebhookRefused('body_invalid', `Delivery ${id} is signed, but its body is not an event.`);
}

function parsed(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
