import type { WebhookEndpointDocument } from '@facelane/contracts';
import { activeSecrets } from '@facelane/registry';
import type { WebhookBody, WebhookWithSecretBody } from '../schemas/webhook.schema.js';

/** An endpoint without its secrets. */
export function webhookView(endpoint: WebhookEndpointDocument, now = new Date()): WebhookBody {
  const { id, url, description, state, disabled, failingSince, filter, ratePerSecond, concurrency } = endpoint;
  const { createdAt, updatedAt, heldSince, missed } = endpoint;
  return {
    ...{ id, url, state, filter, concurrency, createdAt, updatedAt },
    ...(description !== undefined && { description }),
    ...(disabled !== undefined && { disabled }),
    ...(failingSince !== undefined && { failingSince }),
    ...(heldSince !== undefined && { heldSince }),
    ...(missed !== undefined && { missed }),
    ...(ratePerSecond !== undefined && { ratePerSecond }),
    secrets: activeSecrets(endpoint, now).map(({ createdAt: since, expiresAt }) => ({
      createdAt: since,
      ...(expiresAt !== undefined && { expiresAt }),
    })),
  };
}

/** With its newest secret: for whoever has just been given it, and nobody else. */
export function webhookWithSecret(endpoint: WebhookEndpointDocument): WebhookWithSecretBody {
  // The schema of the document asks for one at least.
  return { ...webhookView(endpoint), secret: endpoint.secrets[0]!.secret };
}
