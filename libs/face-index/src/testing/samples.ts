import { randomUUID } from 'node:crypto';
import type { FacePoint } from '../face-index.port.js';

export const SAMPLE_DIMENSION = 8;

export interface SampleScope {
  readonly tenant: string;
  readonly collection: string;
}

/** A tenant and collection that no other test knows. */
export function sampleScope(): SampleScope {
  return { tenant: `tenant-${randomUUID()}`, collection: 'main' };
}

/** A vector of unit length, the same for the same seed. */
export function unit(dimension: number, seed = 0): Float32Array {
  const values = Float32Array.from({ length: dimension }, (_, at) => Math.sin(1 + seed * 7.3 + at * (seed + 1.7)));
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

/** A face with a random id; `vector` is SAMPLE_DIMENSION long unless given. */
export function samplePoint(
  scope: SampleScope,
  fields: Partial<FacePoint> = {},
  vector = unit(SAMPLE_DIMENSION),
): FacePoint {
  return { id: randomUUID(), kind: 'face', ...scope, vector, ...fields };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
