import { defineConcern } from '../concern.js';
import { integer } from '../kinds.js';
import { variable } from '../variable.js';

export interface EventsConfig {
  /** How long an event can be read, in milliseconds. */
  readonly retentionMs: number;
  /** Most events of a tenant that can be read. */
  readonly maxPerTenant: number;
}

const HOUR_MS = 3_600_000;

export const eventsConcern = defineConcern({
  title: 'Events',
  variables: {
    EVENTS_RETENTION_HOURS: variable({
      kind: integer(1, 8_760),
      meaning: 'How long an event can be read from the log of its tenant, in hours; the same for every program.',
      example: '336',
      fallback: '168',
    }),
    EVENTS_MAX_PER_TENANT: variable({
      kind: integer(1_000, 10_000_000),
      meaning:
        'Events that the log of a tenant keeps, the oldest go first; each takes 200 to 300 bytes of the memory of Redis and its body.',
      example: '500000',
      fallback: '100000',
    }),
  },
  build: (values): EventsConfig => ({
    retentionMs: values.EVENTS_RETENTION_HOURS * HOUR_MS,
    maxPerTenant: values.EVENTS_MAX_PER_TENANT,
  }),
});
