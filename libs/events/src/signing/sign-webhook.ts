import { Webhook } from 'standardwebhooks';
import { isSecret } from './webhook.secret.js';

export interface SignedMessage {
  /** Id of the event: the same for every try and every endpoint. */
  readonly id: string;
  /** When this try is made: receivers refuse what is older than some minutes. */
  readonly timestamp: Date;
  /** Exactly what is sent. */
  readonly body: string;
}

/** The headers of a delivery, as Standard Webhooks 1.0 names them. */
export interface WebhookHeaders {
  readonly 'webhook-id': string;
  /** Seconds since 1970. */
  readonly 'webhook-timestamp': string;
  /** A `v1,` and the base64 of an HMAC-SHA256 for each secret, with spaces between them. */
  readonly 'webhook-signature': string;
}

/**
 * Signs with each secret, since a receiver that changes from one to another has one of them: it takes a message of which
 * any signature is right.
 *
 * @param secrets - those that are valid now, of which there are two while one takes the place of another
 * @throws TypeError when there is none, or one of them is no secret, or the id has a dot or a space
 */
export function signWith(secrets: readonly string[], { id, timestamp, body }: SignedMessage): WebhookHeaders {
  if (secrets.length === 0)
    throw new TypeError(`There is no secret to sign message ${id} with: give its endpoint one.`);
  if (!secrets.every(isSecret)) {
    throw new TypeError(`A secret to sign message ${id} with is not whsec_ and base64 of 24 to 64 bytes: rotate it.`);
  }
  // What is signed is `id.timestamp.body`: with a dot in the id it could be read in two ways.
  if (!/^[\w-]+$/.test(id)) throw new TypeError(`"${id}" is not the id of a message: letters, digits, _ and - only.`);
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, timestamp, body));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(timestamp.getTime() / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}
