import { z } from 'zod';
import type { FacePoint, IndexedPoint, PointFilter } from '../../face-index.port.js';

/** Every field that a filter can name is indexed before the first insert: an unindexed filter takes seconds. */
export const INDEXED_FIELDS = ['tenant', 'collection', 'kind', 'personId', 'assetId', 'decision'] as const;

const payloadSchema = z.object({
  tenant: z.string(),
  collection: z.string(),
  kind: z.enum(['person', 'face']),
  personId: z.string().exactOptional(),
  assetId: z.string().exactOptional(),
  faceIndex: z.int().exactOptional(),
  decision: z.enum(['match', 'review', 'none']).exactOptional(),
  score: z.number().exactOptional(),
});

const recordSchema = z.object({ id: z.string(), payload: payloadSchema });

export const scoredSchema = recordSchema.extend({ score: z.number() });

export const collectionSchema = z.object({
  config: z.object({ params: z.object({ vectors: z.object({ size: z.int(), distance: z.string() }) }) }),
  payload_schema: z.record(z.string(), z.unknown()),
});

export function toPointStruct(point: FacePoint): { id: string; vector: number[]; payload: Record<string, unknown> } {
  const { id, vector, ...payload } = point;
  return { id, vector: Array.from(vector), payload };
}

export function toIndexedPoint(record: unknown): IndexedPoint {
  const { id, payload } = recordSchema.parse(record);
  return { id, ...payload };
}

export function toFacePoint(record: unknown): FacePoint {
  const { vector } = z.object({ vector: z.array(z.number()) }).parse(record);
  return { ...toIndexedPoint(record), vector: Float32Array.from(vector) };
}

interface MustMatch {
  key: string;
  match: { value: string };
}

export function toFilter(filter: PointFilter): { must: MustMatch[] } {
  const must = INDEXED_FIELDS.flatMap((key) => {
    const value = filter[key];
    return value === undefined ? [] : [{ key, match: { value } }];
  });
  return { must };
}
