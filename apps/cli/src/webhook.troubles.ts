import { type Belts, LeaseExclusion, openObjectStore } from '@facelane/boot';
import type { WebhookEndpointDocument } from '@facelane/contracts';
import { tellBooks } from '@facelane/events';
import { DocumentStore, WebhooksRegistry } from '@facelane/registry';
import type { CliContext } from './cli.context.js';

/** A webhook endpoint that an operator may want to see to. */
export interface WebhookTrouble {
  readonly tenant: string;
  readonly id: string;
  /** Of its URL. The rest may hold a token. */
  readonly host: string;
  /**
   * `failing`: nothing arrives there. `disabled`: nothing is sent there any more, and nobody asked for that. `held`: so much waits for it
   * that the rest is left in the log.
   */
  readonly state: 'failing' | 'disabled' | 'held';
  readonly since: string;
  /** The last HTTP status that it answered before it was disabled. */
  readonly lastStatus?: number | undefined;
}

/** Those of all tenants that have events, as the store has them. */
export async function webhookTroubles(
  { config }: Pick<CliContext, 'config'>,
  { deliveries: { eventLog, lease, revisions } }: Belts,
): Promise<WebhookTrouble[]> {
  const store = openObjectStore(config);
  try {
    const exclusion = new LeaseExclusion(lease);
    const webhooks = new WebhooksRegistry(new DocumentStore(store, exclusion), exclusion, tellBooks(revisions));
    const found: WebhookTrouble[] = [];
    for (const tenant of await eventLog.tenants()) found.push(...(await webhooks.all(tenant)).flatMap(troubleOf));
    return found;
  } finally {
    await store.close();
  }
}

/** None of an endpoint that does well, or that somebody disabled. */
export function troubleOf({
  tenant,
  id,
  url,
  disabled,
  failingSince,
  heldSince,
}: WebhookEndpointDocument): WebhookTrouble[] {
  const endpoint = { tenant, id, host: new URL(url).host };
  if (disabled?.reason === 'asked') return [];
  if (disabled !== undefined) {
    const { at: since, lastStatus } = disabled;
    return [{ ...endpoint, state: 'disabled', since, ...(lastStatus !== undefined && { lastStatus }) }];
  }
  if (failingSince !== undefined) return [{ ...endpoint, state: 'failing', since: failingSince }];
  return heldSince === undefined ? [] : [{ ...endpoint, state: 'held', since: heldSince }];
}
