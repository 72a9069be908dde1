import { MAX_EXCERPT, type WebhookEndpointDocument } from '@facelane/contracts';
import type { GuardedPoster, Posted } from '@facelane/outbound';
import { activeSecrets } from '@facelane/registry';
import { signWith } from '../signing/sign-webhook.js';

export interface Message {
  /** Id of the event. */
  readonly id: string;
  /** Exactly what is sent. */
  readonly body: string;
  /** Headers that say what it is beside an event that has happened. */
  readonly marks?: Readonly<Record<`facelane-${string}`, string>>;
}

export interface Sent {
  readonly at: Date;
  readonly latencyMs: number;
  readonly posted: Posted;
}

/** Sends one message to one endpoint, signed with all of its secrets. */
export class DeliverySender {
  constructor(private readonly poster: Pick<GuardedPoster, 'post'>) {}

  /** @throws the reason of `signal` when the caller gave up. */
  async send(endpoint: WebhookEndpointDocument, { id, body, marks }: Message, signal: AbortSignal): Promise<Sent> {
    const at = new Date();
    const secrets = activeSecrets(endpoint, at).map(({ secret }) => secret);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'facelane-webhooks/1',
      ...marks,
      ...signWith(secrets, { id, timestamp: at, body }),
    };
    const started = performance.now();
    const posted = await this.poster.post(endpoint.url, { headers, body, signal, excerptBytes: MAX_EXCERPT });
    return { at, latencyMs: Math.round(performance.now() - started), posted };
  }
}
