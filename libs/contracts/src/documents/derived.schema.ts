import { z } from 'zod';
import { contractIdSchema, sha256Schema, uuidSchema } from '../ids/names.schema.js';
import { decodeContainer, encodeContainer } from './container.js';
import { detectedFaceSchema } from './face.schema.js';

/** Side of an aligned crop, pixels. */
export const CROP_SIDE = 112;
/** Bytes of one crop: 112×112 RGB. */
export const CROP_BYTES = CROP_SIDE * CROP_SIDE * 3;

const derivedHeader = {
  version: z.literal(1),
  contract: contractIdSchema,
  sha256: sha256Schema,
  /** The asset whose run wrote this; others with the same bytes are its duplicates. */
  assetId: uuidSchema,
  collection: z.string(),
  faces: z.array(detectedFaceSchema),
  droppedFaces: z.int().min(0),
  /** Rows of faces that were erased with the person they belonged to; their pixels and numbers are zero. */
  erased: z.array(z.int().min(0)).optional(),
};

const cropsHeaderSchema = z.strictObject({ ...derivedHeader, kind: z.literal('crops') });
const embeddingsHeaderSchema = z.strictObject({
  ...derivedHeader,
  kind: z.literal('embeddings'),
  dimension: z.int().min(1),
  /** The first asset with these bytes in each other collection that has them; `assetId` is that of `collection`. */
  firsts: z.array(z.strictObject({ collection: z.string(), assetId: uuidSchema })).optional(),
});

export type CropsHeader = z.output<typeof cropsHeaderSchema>;
export type EmbeddingsHeader = z.output<typeof embeddingsHeaderSchema>;

/** The asset that the collection's others with the same bytes are duplicates of; undefined where there is none yet. */
export function firstAssetIn(
  { assetId, collection: own, firsts }: Pick<EmbeddingsHeader, 'assetId' | 'collection' | 'firsts'>,
  collection: string,
): string | undefined {
  return own === collection ? assetId : firsts?.find((first) => first.collection === collection)?.assetId;
}

/** `crops`: faces × 112 × 112 × 3 bytes, RGB, in the order of `header.faces`. */
export function encodeCrops(header: CropsHeader, crops: Uint8Array): Uint8Array {
  requireLength('crops', crops.byteLength, header.faces.length * CROP_BYTES);
  return encodeContainer(header, crops);
}

/** @throws RangeError or ZodError when the object is not what encodeCrops wrote. */
export function decodeCrops(bytes: Uint8Array): { header: CropsHeader; crops: Uint8Array } {
  const { header: raw, payload } = decodeContainer(bytes);
  const header = cropsHeaderSchema.parse(raw);
  requireLength('crops', payload.byteLength, header.faces.length * CROP_BYTES);
  return { header, crops: payload };
}

/** `vectors`: faces × dimension float32, unit length, in the order of `header.faces`. */
export function encodeEmbeddings(header: EmbeddingsHeader, vectors: Float32Array): Uint8Array {
  requireLength('embeddings', vectors.length, header.faces.length * header.dimension);
  return encodeContainer(header, new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength));
}

/** @throws RangeError or ZodError when the object is not what encodeEmbeddings wrote. */
export function decodeEmbeddings(bytes: Uint8Array): { header: EmbeddingsHeader; vectors: readonly Float32Array[] } {
  const { header: raw, payload } = decodeContainer(bytes);
  const header = embeddingsHeaderSchema.parse(raw);
  requireLength('embeddings', payload.byteLength, header.faces.length * header.dimension * 4);
  const all = new Float32Array(payload.buffer, payload.byteOffset, payload.byteLength / 4);
  return {
    header,
    vectors: header.faces.map((_, row) => all.subarray(row * header.dimension, (row + 1) * header.dimension)),
  };
}

function requireLength(what: string, found: number, expected: number): void {
  if (found !== expected) throw new RangeError(`The ${what} hold ${found} values where ${expected} are expected.`);
}
