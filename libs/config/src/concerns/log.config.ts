import { defineConcern } from '../concern.js';
import { oneOf } from '../kinds.js';
import { variable } from '../variable.js';

export interface LogConfig {
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly format: 'json' | 'pretty';
}

export const logConcern = defineConcern({
  title: 'Log',
  variables: {
    LOG_LEVEL: variable({
      kind: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
      meaning: 'Least severe message that is written.',
      example: 'debug',
      fallback: 'info',
    }),
    LOG_FORMAT: variable({
      kind: oneOf('json', 'pretty'),
      meaning: 'One JSON object per line, or text for people; always on standard error.',
      example: 'pretty',
      fallback: 'json',
    }),
  },
  build: (values): LogConfig => ({ level: values.LOG_LEVEL, format: values.LOG_FORMAT }),
});
