/**
 * Why a delivery was refused; more may come.
 *
 * `header_missing`, `timestamp_invalid`, `signature_malformed`: it was not signed as Standard Webhooks says.
 * `too_old`, `too_new`: it was signed at another time, or a clock is wrong. `signature_wrong`: it was signed with another
 * secret, or changed since. `body_invalid`: it is signed, and no event.
 */
export type WebhookRefusal =
  | 'header_missing'
  | 'timestamp_invalid'
  | 'too_old'
  | 'too_new'
  | 'signature_malformed'
  | 'signature_wrong'
  | 'body_invalid';

/** A delivery that is not to be believed. Answer it with 400 and do nothing of what it says. */
export class FacelaneWebhookRefused extends Error {
  override readonly name = 'FacelaneWebhookRefused';

  constructor(
    /** Decide by this one. */
    readonly reason: WebhookRefusal,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
