import { z } from 'zod';

/** Longest photo inside JSON: base64 costs a third more and is decoded on the thread that serves everybody. */
const MAX_INLINE_BYTES = 4 * 1024 * 1024;
const MAX_BASE64 = Math.ceil(MAX_INLINE_BYTES / 3) * 4;

const inlineSchema = z
  .strictObject({
    bytes: z
      .string()
      .min(1)
      .max(MAX_BASE64, 'photos inside JSON have at most 4 MiB; send a multipart form')
      // One pass over the text; the pattern of z.base64() takes three times as long on megabytes.
      .refine((text) => /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0, 'not base64')
      .meta({ description: 'The photo as base64, at most 4 MiB.', format: 'byte' }),
  })
  .meta({ id: 'InlinePhoto', description: 'The photo itself.' });

export const objectSourceSchema = z
  .strictObject({ bucket: z.string().min(3).max(63), key: z.string().min(1).max(1024) })
  .meta({ id: 'ObjectSource', description: 'An object of a bucket that the operator has allowed, or of an upload.' });

export const urlSourceSchema = z
  .strictObject({ url: z.url({ protocol: /^https?$/ }).max(2048) })
  .meta({ id: 'UrlSource', description: 'A photo on the web: https, on a public address.' });

/** A photo of a file part of a form. Never in JSON: what JSON holds there is a string. */
const uploadedSchema = z
  .custom<{ readonly bytes: Uint8Array }>(
    (value) => typeof value === 'object' && value !== null && 'bytes' in value && value.bytes instanceof Uint8Array,
  )
  .meta({ override: { type: 'string' } });

/** A photo of a request, wherever it comes from. */
export type PhotoInput =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'object'; readonly bucket: string; readonly key: string }
  | { readonly kind: 'url'; readonly url: string };

export const photoReferenceSchema = z
  .union([objectSourceSchema, urlSourceSchema, inlineSchema])
  .meta({ id: 'PhotoSource', description: 'Where the photo is.' });

/** What handlers get: parsed from JSON or from a file of a form. */
export const photoInputSchema = z
  .union([uploadedSchema, photoReferenceSchema])
  .transform((photo): PhotoInput => {
    if ('url' in photo) return { kind: 'url', url: photo.url };
    if ('key' in photo) return { kind: 'object', bucket: photo.bucket, key: photo.key };
    const { bytes } = photo;
    return { kind: 'bytes', bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : bytes };
  })
  .meta({ override: ({ jsonSchema }) => describeAsReference(jsonSchema) });

/** Files of forms are described with the form; in JSON a photo is a reference and nothing else. */
function describeAsReference(jsonSchema: Record<string, unknown>): void {
  for (const name of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, name);
  jsonSchema['$ref'] = '#/components/schemas/PhotoSource';
}
