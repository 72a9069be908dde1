import { resolve } from 'node:path';
import { defineConcern } from '../concern.js';
import { paths } from '../kinds.js';
import { optional } from '../variable.js';

export interface SourceConfig {
  /** Absolute folders below which photos may be named by path. */
  readonly fileRoots: readonly string[];
}

export const sourceConcern = defineConcern({
  title: 'Photo sources',
  variables: {
    SOURCE_FILE_ROOTS: optional({
      kind: paths(),
      meaning: 'Folders below which a job may name a photo by its path.',
      example: '/srv/photos',
      defaultNote: 'none',
    }),
  },
  build: (values): SourceConfig => ({ fileRoots: (values.SOURCE_FILE_ROOTS ?? []).map((root) => resolve(root)) }),
});
