import { z } from 'zod';
import { contractIdSchema, slugSchema, uuidSchema } from '../ids/names.schema.js';
import { bulkItemSchema } from './bulk-item.schema.js';
import { intentSchema } from './intent.schema.js';
import { photoSchema } from './photo.schema.js';
import { sourceSchema } from './source.schema.js';

/** Written by ingest: this photo was accepted. Without a result document beside it, its work is not finished. */
export const assetDocumentSchema = z.strictObject({
  version: z.literal(1),
  tenant: slugSchema,
  collection: slugSchema,
  id: uuidSchema,
  contract: contractIdSchema,
  source: sourceSchema,
  /** What the work is for, so that it can be taken up again. */
  intent: intentSchema,
  photo: photoSchema,
  externalId: z.string().max(256).optional(),
  tags: z.array(z.string().max(64)).max(50).optional(),
  /** The line of a bulk job that named it. */
  bulk: bulkItemSchema.optional(),
  /** Its end is not told, because that of the bulk job is. */
  quiet: z.literal(true).optional(),
  submittedAt: z.iso.datetime(),
});

export type AssetDocument = z.output<typeof assetDocumentSchema>;
