import type { WebhookEndpointDocument, WebhookFilter } from '@facelane/contracts';

/** Why an endpoint is sent nothing any more. */
export type Disabling = Omit<NonNullable<WebhookEndpointDocument['disabled']>, 'at'>;

/** The time of which an endpoint was not sent what happened. */
export type Missed = NonNullable<WebhookEndpointDocument['missed']>;

/** What is absent stays; null takes a setting away; `filter` is replaced as a whole. */
export interface WebhookEdit {
  readonly url?: string | undefined;
  readonly description?: string | null | undefined;
  readonly filter?: WebhookFilter | undefined;
  readonly ratePerSecond?: number | null | undefined;
  readonly concurrency?: number | undefined;
  readonly state?: WebhookEndpointDocument['state'] | undefined;
}

/** What may be taken away. */
const SETTINGS = ['description', 'ratePerSecond'] as const;

/** Returns what it was given when there is nothing to change, as the others do. */
export function disabledFor(
  endpoint: WebhookEndpointDocument,
  disabling: Disabling,
  at: string,
): WebhookEndpointDocument {
  // The first reason is the one that explains it.
  return endpoint.state === 'disabled' ? endpoint : { ...endpoint, state: 'disabled', disabled: { at, ...disabling } };
}

/** Begins anew: what went wrong before does not count any more. */
export function enabled(endpoint: WebhookEndpointDocument): WebhookEndpointDocument {
  if (endpoint.state === 'enabled') return endpoint;
  return { ...without(endpoint, 'disabled', 'failingSince', 'heldSince', 'missed'), state: 'enabled' };
}

export function failing(endpoint: WebhookEndpointDocument, since: string): WebhookEndpointDocument {
  return endpoint.failingSince === undefined ? { ...endpoint, failingSince: since } : endpoint;
}

export function working(endpoint: WebhookEndpointDocument): WebhookEndpointDocument {
  return endpoint.failingSince === undefined ? endpoint : without(endpoint, 'failingSince');
}

export function held(endpoint: WebhookEndpointDocument, since: string): WebhookEndpointDocument {
  return endpoint.heldSince === undefined ? { ...endpoint, heldSince: since } : endpoint;
}

export function released(endpoint: WebhookEndpointDocument): WebhookEndpointDocument {
  return endpoint.heldSince === undefined ? endpoint : without(endpoint, 'heldSince');
}

/** What was missed before stays the beginning of it. */
export function missing(endpoint: WebhookEndpointDocument, { from, until }: Missed): WebhookEndpointDocument {
  return { ...endpoint, missed: { from: endpoint.missed?.from ?? from, until } };
}

export function edited(endpoint: WebhookEndpointDocument, edit: WebhookEdit, at: string): WebhookEndpointDocument {
  const { url, description, filter, ratePerSecond, concurrency, state } = edit;
  const taken = SETTINGS.filter((setting) => edit[setting] === null);
  const next: WebhookEndpointDocument = {
    ...without(endpoint, ...taken),
    ...(url !== undefined && { url }),
    ...(typeof description === 'string' && { description }),
    ...(filter !== undefined && { filter }),
    ...(typeof ratePerSecond === 'number' && { ratePerSecond }),
    ...(concurrency !== undefined && { concurrency }),
  };
  // A new address has not failed yet.
  const settled = next.url === endpoint.url ? next : working(next);
  if (state === undefined) return settled;
  return state === 'enabled' ? enabled(settled) : disabledFor(settled, { reason: 'asked' }, at);
}

/**
 * The filter names the people no more. A list that loses the last of them stays, empty: nothing passes it, where
 * without a list everything would.
 */
export function withoutPeople(endpoint: WebhookEndpointDocument, people: ReadonlySet<string>): WebhookEndpointDocument {
  const named = endpoint.filter.people ?? [];
  const others = named.filter((id) => !people.has(id));
  return others.length === named.length ? endpoint : { ...endpoint, filter: { ...endpoint.filter, people: others } };
}

function without(
  endpoint: WebhookEndpointDocument,
  ...names: readonly ((typeof SETTINGS)[number] | 'disabled' | 'failingSince' | 'heldSince' | 'missed')[]
): WebhookEndpointDocument {
  const rest = { ...endpoint };
  for (const name of names) Reflect.deleteProperty(rest, name);
  return rest;
}
