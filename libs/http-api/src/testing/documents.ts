import {
  type DetectedFace,
  type DoneResult,
  type FailedResult,
  type ResultFace,
  resultDocumentSchema,
  uuidV5,
} from '@facelane/contracts';

export const TENANT = 'acme';
export const COLLECTION = 'friends';
export const CONTRACT = 'test-1';

/** An id like those of the product, the same each time. */
export const idOf = (name: string | number): string => uuidV5('test', String(name));
export const ASSET = idOf('asset');
export const PERSON = idOf('person');

export const photoFacts = { sha256: '0'.repeat(64), bytes: 1000, format: 'jpeg', width: 640, height: 480 } as const;

const point = { x: 1, y: 2 };

/** A small face, so that there is something to find at usual bars. */
export const detectedFace = (index: number): DetectedFace => ({
  index,
  box: { x: 10, y: 10, width: 20, height: 24 },
  landmarks: [point, point, point, point, point],
  score: 0.9,
  quality: {
    ...{ minSide: 20, interEye: 8, sharpness: 300, brightness: 120, contrast: 50 },
    ...{ yaw: 0, pitch: 0, roll: 0, cut: false },
  },
});

const resultFace = (index: number, personId?: string): ResultFace => ({
  ...detectedFace(index),
  pointId: idOf(`face-${index}`),
  decision: personId === undefined ? 'none' : index === 0 ? 'match' : 'review',
  ...(personId !== undefined && { personId }),
  candidates: [],
  threshold: { cosine: 0.4, fmr: 1e-4 },
});

/** Three faces; the person is the first one and may be the second. */
export function doneResult(assetId: string = ASSET): DoneResult {
  const faces = [resultFace(0, PERSON), resultFace(1, PERSON), resultFace(2)];
  return resultDocumentSchema.parse({
    ...{ version: 1, tenant: TENANT, collection: COLLECTION, assetId, contract: CONTRACT },
    ...{ submittedAt: '2026-06-01T00:00:00.000Z', state: 'done', photo: photoFacts, faces, droppedFaces: 0 },
  }) as DoneResult;
}

export function failedResult(stage: string, assetId: string = ASSET): FailedResult {
  const failure = { stage, code: 'DETECT.IMAGE_UNREADABLE', message: 'a.jpg is damaged.', remedy: 'Replace it.' };
  return resultDocumentSchema.parse({
    ...{ version: 1, tenant: TENANT, collection: COLLECTION, assetId, contract: CONTRACT },
    ...{ submittedAt: '2026-06-01T00:00:00.000Z', state: 'failed' },
    failure: { ...failure, attempts: 1, details: { path: '/srv/secret' } },
  }) as FailedResult;
}
