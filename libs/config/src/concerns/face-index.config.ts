import { join, resolve } from 'node:path';
import { defineConcern, missing } from '../concern.js';
import { oneOf, text, url } from '../kinds.js';
import { optional } from '../variable.js';

export interface EmbeddedFaceIndexConfig {
  readonly driver: 'embedded';
  readonly file: string;
}

export interface QdrantFaceIndexConfig {
  readonly driver: 'qdrant';
  readonly url: string;
  readonly apiKey?: string;
}

export type FaceIndexConfig = EmbeddedFaceIndexConfig | QdrantFaceIndexConfig;

const QDRANT_EXAMPLE = 'http://localhost:6333';

export const faceIndexConcern = defineConcern({
  title: 'Face index',
  variables: {
    FACE_INDEX_DRIVER: optional({
      kind: oneOf('embedded', 'qdrant'),
      meaning: 'Where faces are searched: a local file or a Qdrant server.',
      example: 'qdrant',
      defaultNote: 'qdrant when QDRANT_URL is set, else embedded',
    }),
    FACE_INDEX_FILE: optional({
      kind: text('a file'),
      meaning: 'File of the embedded driver.',
      example: '/srv/facelane/index.sqlite',
      defaultNote: '<DATA_DIR>/index.sqlite',
    }),
    QDRANT_URL: optional({
      kind: url('http', 'https'),
      meaning: 'Address of Qdrant; required with the qdrant driver.',
      example: QDRANT_EXAMPLE,
    }),
    QDRANT_API_KEY: optional({ kind: text(), meaning: 'API key of Qdrant.', example: '…', secret: true }),
  },
  build: (values, { dataDir, problem }): FaceIndexConfig | undefined => {
    switch (values.FACE_INDEX_DRIVER ?? (values.QDRANT_URL === undefined ? 'embedded' : 'qdrant')) {
      case 'embedded':
        return { driver: 'embedded', file: resolve(values.FACE_INDEX_FILE ?? join(dataDir, 'index.sqlite')) };
      case 'qdrant':
        if (values.QDRANT_URL === undefined) {
          problem(missing('QDRANT_URL', 'FACE_INDEX_DRIVER=qdrant needs it', QDRANT_EXAMPLE));
          return undefined;
        }
        return {
          driver: 'qdrant',
          url: values.QDRANT_URL,
          ...(values.QDRANT_API_KEY !== undefined && { apiKey: values.QDRANT_API_KEY }),
        };
    }
  },
});
