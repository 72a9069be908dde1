import type { WebhookTrouble } from '../webhook.troubles.js';

/** Endpoints that nothing arrives at, two lines each. */
export function webhookLines(troubles: readonly WebhookTrouble[]): string {
  return ['Webhook endpoints that little or nothing arrives at:', ...troubles.map(linesOf)].join('\n');
}

function linesOf({ tenant, id, host, state, since, lastStatus }: WebhookTrouble): string {
  const status = lastStatus === undefined ? '' : `, after it answered ${lastStatus}`;
  return `${host}  ${state} since ${since}${status}\n  endpoint ${id} of tenant ${tenant}`;
}
