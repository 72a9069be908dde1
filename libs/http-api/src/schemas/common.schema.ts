import { contractIdSchema, slugSchema } from '@facelane/contracts';
import { z } from 'zod';

export const collectionIdSchema = slugSchema.meta({ description: 'Id of a collection.', examples: ['friends'] });
export const contractSchema = contractIdSchema.meta({ description: 'Id of a model contract.' });
/** An id as a caller names it: a UUID is the same in either case, ours are lower case. */
export const idSchema = z.uuid().toLowerCase();
/** The pattern of a time lets its fraction be of any length. */
export const timeSchema = z.iso.datetime().refine((text) => text.length <= 40, 'at most 40 characters');
export const tagSchema = z.string().min(1).max(64);
export const externalIdSchema = z.string().min(1).max(256).meta({ description: 'Your own name for it.' });

/** Opaque: what it holds may change with any version. */
export const cursorSchema = z
  .string()
  .min(1)
  .max(512)
  .meta({ description: 'Where to go on: `next` of the page before. Opaque; hand it back as it is.' });

export const limitSchema = (most: number, usual: number): z.ZodDefault<z.ZodCoercedNumber> =>
  z.coerce
    .number()
    .int()
    .min(1)
    .max(most)
    .default(usual)
    .meta({ description: `At most this many. Default ${usual}.` });

export const collectionParams = z.object({ collection: collectionIdSchema });
export const personParams = collectionParams.extend({ person: idSchema.meta({ description: 'Id of a person.' }) });
export const assetParams = z.object({ asset: idSchema.meta({ description: 'Id of an asset.' }) });
export const faceParams = z.object({ face: idSchema.meta({ description: 'Id of a face (`faceId` of a result).' }) });

/** A page of a listing. `next` is absent on the last one; a page may be short, even empty, and not be the last. */
export const pageOf = <T extends z.ZodType>(
  items: T,
): z.ZodObject<{ items: z.ZodArray<T>; next: z.ZodOptional<z.ZodString> }> =>
  z.object({
    items: z.array(items),
    next: z.string().optional().meta({ description: 'Cursor of the next page. Absent: there is none.' }),
  });
