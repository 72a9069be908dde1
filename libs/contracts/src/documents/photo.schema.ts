import { z } from 'zod';
import { sha256Schema } from '../ids/names.schema.js';

/** The facts of a photo that its header gives. */
export const photoSchema = z.strictObject({
  sha256: sha256Schema,
  bytes: z.int().min(1),
  format: z.enum(['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif']),
  /** As displayed, after EXIF orientation. */
  width: z.int().min(1),
  height: z.int().min(1),
});

export type Photo = z.output<typeof photoSchema>;
