import { defineConcern } from '../concern.js';
import { flag, hosts } from '../kinds.js';
import { optional, variable } from '../variable.js';

/** Where events may be sent. */
export interface WebhookConfig {
  /** Also over plain http. */
  readonly allowHttp: boolean;
  /** Host names, addresses and networks that need not be public. */
  readonly allow: readonly string[];
}

export const webhookConcern = defineConcern({
  title: 'Webhooks',
  variables: {
    WEBHOOK_URL_HTTP: variable({
      kind: flag(),
      meaning: 'Whether events are sent over plain http too, where anybody on the way can read them.',
      example: 'true',
      fallback: 'false',
    }),
    WEBHOOK_URL_ALLOW: optional({
      kind: hosts(),
      meaning: 'Hosts that events may be sent to although they are not on the public internet.',
      example: 'hooks.internal,10.20.0.0/16',
      defaultNote: 'none',
    }),
  },
  build: (values): WebhookConfig => ({
    allowHttp: values.WEBHOOK_URL_HTTP,
    allow: values.WEBHOOK_URL_ALLOW ?? [],
  }),
});
