import { z } from 'zod';
import { uuidSchema } from '../ids/names.schema.js';
import { qualityProfileSchema } from './collection.schema.js';

/** What the photo is for: find who is in it, or take its one face as a reference of a person. */
export const intentSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('identify') }),
  z.strictObject({
    kind: z.literal('enrol'),
    personId: uuidSchema,
    name: z.string().min(1).max(256),
    /** Bars for this photo. Absent: the collection's. */
    quality: qualityProfileSchema.optional(),
    /** The person exists already: enrolling does not bring back one who was deleted meanwhile. */
    existing: z.literal(true).optional(),
  }),
]);

export type Intent = z.output<typeof intentSchema>;
