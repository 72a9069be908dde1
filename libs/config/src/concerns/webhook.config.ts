import { defineConcern } from '../concern.js';
import { flag, hosts, integer } from '../kinds.js';
import { optional, variable } from '../variable.js';

/** Where events may be sent, and how many may wait. */
export interface WebhookConfig {
  /** Also over plain http. */
  readonly allowHttp: boolean;
  /** Host names, addresses and networks that need not be public. */
  readonly allow: readonly string[];
  /** Deliveries that may wait for one endpoint. */
  readonly maxWaiting: number;
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
    WEBHOOK_MAX_WAITING: variable({
      kind: integer(1_000, 10_000_000),
      meaning:
        'Deliveries that may wait for one endpoint, each about a kilobyte of the memory of Redis and its body; what happens beyond that is left in the log of events until there is room.',
      example: '20000',
      fallback: '100000',
    }),
  },
  build: (values): WebhookConfig => ({
    allowHttp: values.WEBHOOK_URL_HTTP,
    allow: values.WEBHOOK_URL_ALLOW ?? [],
    maxWaiting: values.WEBHOOK_MAX_WAITING,
  }),
});
