import { defineConcern } from '../concern.js';
import { text } from '../kinds.js';
import { optional } from '../variable.js';

export interface DataConfig {
  /** Absolute folder for everything that is kept locally. */
  readonly dir: string;
}

export const dataConcern = defineConcern({
  title: 'Local data',
  variables: {
    DATA_DIR: optional({
      kind: text('a folder'),
      meaning: 'Folder of everything that is kept on this machine: private Redis, objects, face index.',
      example: '/var/lib/facelane',
      defaultNote: './data',
    }),
  },
  build: (_values, { dataDir }): DataConfig => ({ dir: dataDir }),
});
