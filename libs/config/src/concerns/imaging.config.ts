import { defineConcern } from '../concern.js';
import { integer } from '../kinds.js';
import { variable } from '../variable.js';

export interface ImagingConfig {
  readonly maxBytes: number;
  readonly maxPixels: number;
}

export const imagingConcern = defineConcern({
  title: 'Imaging',
  variables: {
    IMAGING_MAX_BYTES: variable({
      kind: integer(1, 2 ** 31 - 1),
      meaning: 'Largest photo, in bytes.',
      example: '104857600',
      fallback: String(50 * 1024 * 1024),
    }),
    IMAGING_MAX_PIXELS: variable({
      kind: integer(1, 1_000_000_000),
      meaning: 'Largest width × height, checked before any pixel is decoded.',
      example: '200000000',
      fallback: '100000000',
    }),
  },
  build: (values): ImagingConfig => ({ maxBytes: values.IMAGING_MAX_BYTES, maxPixels: values.IMAGING_MAX_PIXELS }),
});
