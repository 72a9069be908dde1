import { isPhotoName } from '@facelane/contracts';
import { z } from 'zod';
import type { BucketEvent } from '../../schemas/notification.schema.js';

/** An object that a bucket says was written. */
export interface CreatedObject {
  readonly bucket: string;
  readonly key: string;
}

const recordSchema = z.object({
  // Amazon writes ObjectCreated:Put; MinIO and those who follow it s3:ObjectCreated:Put.
  eventName: z.string().max(128),
  s3: z.object({
    bucket: z.object({ name: z.string().min(3).max(63) }),
    object: z.object({
      key: z
        .string()
        .min(1)
        .max(3 * 1024),
    }),
  }),
});

/** Objects that were written and are photos by their name; `passedOver` counts all else. */
export function createdPhotos({ Records = [] }: BucketEvent): {
  readonly photos: readonly CreatedObject[];
  readonly passedOver: number;
} {
  const photos = Records.flatMap((record) => {
    const parsed = recordSchema.safeParse(record);
    if (!parsed.success || !/^(?:s3:)?ObjectCreated:/.test(parsed.data.eventName)) return [];
    const { bucket, object } = parsed.data.s3;
    const key = decodedKey(object.key);
    return key !== undefined && isPhotoName(key) ? [{ bucket: bucket.name, key }] : [];
  });
  return { photos, passedOver: Records.length - photos.length };
}

/** Keys come as in the query of an address: a plus is a space. Undefined when it cannot be read. */
function decodedKey(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
