import { createHash, randomUUID } from 'node:crypto';
import {
  type AssetJob,
  assetIdOf,
  type CollectionDocument,
  type DetectedFace,
  type IngestJob,
  type MatchJob,
  type StageContext,
} from '@facelane/contracts';

export const TENANT = 'acme';
export const COLLECTION = 'friends';
export const CONTRACT = 'test-8-00000000';
export const DIMENSION = 8;
export const SUBMITTED_AT = '2026-01-02T03:04:05.678Z';

export const context = (): StageContext => ({ signal: new AbortController().signal, attempt: 1 });

export const COLLECTION_DOCUMENT: CollectionDocument = {
  version: 1,
  tenant: TENANT,
  id: COLLECTION,
  contract: CONTRACT,
  thresholds: { match: { cosine: 0.6, fmr: 1e-4 }, review: { cosine: 0.4, fmr: 1e-3 } },
  createdAt: SUBMITTED_AT,
};

/** A unit vector whose cosine with `direction(axis, 1)` is `cosine`; the rest points along the next axis. */
export function direction(axis: number, cosine = 1): Float32Array {
  const vector = new Float32Array(DIMENSION);
  vector[axis] = cosine;
  vector[axis + 1] = Math.sqrt(1 - cosine * cosine);
  return vector;
}

/** `side`: of its box, in pixels. */
export function face(index: number, side = 80): DetectedFace {
  const point = { x: 1, y: 2 };
  const quality = { interEye: 30, sharpness: 80, brightness: 120, contrast: 40, yaw: 1, pitch: 2, roll: 3, cut: false };
  return {
    index,
    box: { x: 1, y: 2, width: side, height: side },
    landmarks: [point, point, point, point, point],
    score: 0.9,
    quality: { ...quality, minSide: side },
  };
}

export function ingestJob(source: IngestJob['source'], more: Partial<IngestJob> = {}): IngestJob {
  return {
    ...assetJob(),
    source,
    ...more,
  };
}

export function matchJob(faces: number, more: Partial<MatchJob> = {}): MatchJob {
  return {
    ...assetJob(),
    faces,
    photo: { sha256: sha256Of(randomUUID()), bytes: 1, format: 'jpeg', width: 100, height: 100 },
    ...more,
  };
}

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

const assetJob = (): AssetJob => ({
  tenant: TENANT,
  collection: COLLECTION,
  assetId: assetIdOf(TENANT, COLLECTION, randomUUID()),
  contract: CONTRACT,
  lane: 'bulk',
  intent: { kind: 'identify' },
  submittedAt: SUBMITTED_AT,
});
