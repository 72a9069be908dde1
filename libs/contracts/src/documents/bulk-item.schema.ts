import { z } from 'zod';
import { uuidSchema } from '../ids/names.schema.js';

/** Which line of which bulk job named an asset first. */
export const bulkItemSchema = z.strictObject({ job: uuidSchema, line: z.int().min(1) });
export type BulkItem = z.output<typeof bulkItemSchema>;
