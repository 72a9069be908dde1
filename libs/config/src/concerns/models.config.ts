import { join, resolve } from 'node:path';
import { defineConcern } from '../concern.js';
import { pattern, text } from '../kinds.js';
import { optional, variable } from '../variable.js';

export interface ModelsConfig {
  /** Absolute folder of the fetched files. */
  readonly cacheDir: string;
  /** Name of a contract in models/manifest.json, or in the user's own manifest. */
  readonly contract: string;
  /** Absolute path of the user's own manifest. */
  readonly manifest: string | undefined;
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
      kind: pattern(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'the name of a contract'),
      meaning: 'Which models make the vectors: a contract of models/manifest.json or of MODELS_MANIFEST.',
      example: 'default',
      fallback: 'default',
    }),
    MODELS_MANIFEST: optional({
      kind: text('a file'),
      meaning: 'A manifest of your own models, whose files and contracts are added (models/README.md).',
      example: './models-of-ours/manifest.json',
      defaultNote: 'none',
    }),
  },
  build: (values, { programDir }): ModelsConfig => ({
    cacheDir: resolve(values.MODELS_CACHE ?? join(programDir, 'models', '.cache')),
    contract: values.MODELS_CONTRACT,
    manifest: values.MODELS_MANIFEST === undefined ? undefined : resolve(values.MODELS_MANIFEST),
  }),
});
