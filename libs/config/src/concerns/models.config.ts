import { join, resolve } from 'node:path';
import { defineConcern } from '../concern.js';
import { pattern, text } from '../kinds.js';
import { optional, variable } from '../variable.js';

export interface ModelsConfig {
  /** Absolute folder of the fetched files. */
  readonly cacheDir: string;
  /** Name of a contract in models/manifest.json. */
  readonly contract: string;
}

export const modelsConcern = defineConcern({
  title: 'Models',
  variables: {
    MODELS_CACHE: optional({
      kind: text('a folder'),
      meaning: 'Folder of the fetched model files.',
      example: '/var/cache/facelane',
      defaultNote: 'models/.cache',
    }),
    MODELS_CONTRACT: variable({
      kind: pattern(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'the name of a contract in models/manifest.json'),
      meaning: 'Which models make the vectors: a contract of models/manifest.json.',
      example: 'default',
      fallback: 'default',
    }),
  },
  build: (values, { programDir }): ModelsConfig => ({
    cacheDir: resolve(values.MODELS_CACHE ?? join(programDir, 'models', '.cache')),
    contract: values.MODELS_CONTRACT,
  }),
});
