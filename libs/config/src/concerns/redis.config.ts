import { defineConcern } from '../concern.js';
import { pattern, url } from '../kinds.js';
import { optional, variable } from '../variable.js';

export interface RedisConfig {
  /** Absent: the standalone program and the CLI start a private Redis; workers refuse to start. */
  readonly url?: string;
  readonly prefix: string;
}

export const redisConcern = defineConcern({
  title: 'Redis',
  variables: {
    REDIS_URL: optional({
      kind: url('redis', 'rediss'),
      meaning: 'The Redis that carries the jobs; it needs `maxmemory-policy noeviction` and AOF.',
      example: 'redis://localhost:6379',
      defaultNote: 'a private one is started',
      secret: true,
    }),
    REDIS_PREFIX: variable({
      kind: pattern(/^(?:[\w-]+|\{[\w-]+\})$/, 'letters, digits, dash and underscore, in braces on a cluster'),
      meaning: 'Every key starts with it; `{facelane}` on a Redis Cluster.',
      example: 'facelane',
      fallback: 'facelane',
    }),
  },
  build: (values): RedisConfig => ({
    ...(values.REDIS_URL !== undefined && { url: values.REDIS_URL }),
    prefix: values.REDIS_PREFIX,
  }),
});
