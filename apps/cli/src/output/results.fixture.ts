import type { Candidate, DoneResult, FailedResult, ResultFace } from '@facelane/contracts';
import type { ResultRow } from './summary.js';

const id = (number: number): string => `00000000-0000-5000-8000-${String(number).padStart(12, '0')}`;

export const PEOPLE = { anna: 1, ben: 2, wang: 3, hostile: 4 } as const;
type PersonKey = keyof typeof PEOPLE;

const NAMES: Readonly<Record<PersonKey, string>> = {
  anna: 'Anna Müller',
  ben: 'Ben',
  wang: '王芳',
  hostile: '<script>alert("x")</script>',
};

const THRESHOLD = { cosine: 0.42, fmr: 0.0001 };

export function candidate(person: PersonKey, score: number): Candidate {
  return { personId: id(PEOPLE[person]), name: NAMES[person], score, referenceId: id(100 + PEOPLE[person]) };
}

export interface FaceFixture {
  readonly decision: ResultFace['decision'];
  readonly candidates?: readonly Candidate[];
  readonly box?: ResultFace['box'];
}

function face({ decision, candidates = [], box }: FaceFixture, index: number): ResultFace {
  const point = { x: 10, y: 10 };
  const [best, second] = candidates;
  return {
    index,
    box: box ?? { x: 10 + index * 60, y: 20, width: 50, height: 60 },
    landmarks: [point, point, point, point, point],
    score: 0.99,
    quality: {
      minSide: 50,
      interEye: 22,
      sharpness: 90,
      brightness: 120,
      contrast: 40,
      yaw: 1,
      pitch: 2,
      roll: 0,
      cut: false,
    },
    pointId: id(500 + index),
    decision,
    ...(decision !== 'none' && best ? { personId: best.personId } : {}),
    candidates: [...candidates],
    ...(best && second ? { margin: best.score - second.score } : {}),
    threshold: THRESHOLD,
  };
}

const base = (asset: number) => ({
  version: 1 as const,
  tenant: 'local',
  collection: 'main',
  assetId: id(900 + asset),
  contract: 'test-512-1',
  submittedAt: '2026-01-02T03:04:05.000Z',
});

export function doneResult(asset: number, faces: readonly FaceFixture[], extra: Partial<DoneResult> = {}): DoneResult {
  return {
    ...base(asset),
    state: 'done',
    photo: { sha256: '0'.repeat(64), bytes: 1000, format: 'jpeg', width: 640, height: 480 },
    faces: faces.map(face),
    droppedFaces: 0,
    ...extra,
  };
}

export function failedResult(asset: number): FailedResult {
  return {
    ...base(asset),
    state: 'failed',
    failure: {
      stage: 'ingest',
      code: 'INGEST.EMPTY',
      message: 'empty.jpg: the file is empty.',
      remedy: 'The file has no bytes; replace it with the original photo.',
      attempts: 1,
      details: {},
    },
  };
}

/** One row of every kind. */
export function resultRows(): readonly ResultRow[] {
  return [
    {
      file: 'holiday/2024/beach/IMG_20240712_101530_portrait.jpg',
      result: doneResult(1, [
        { decision: 'match', candidates: [candidate('anna', 0.82), candidate('ben', 0.11)] },
        { decision: 'review', candidates: [candidate('ben', 0.36), candidate('anna', 0.21)] },
        { decision: 'none', candidates: [candidate('ben', 0.2)] },
        { decision: 'none' },
      ]),
    },
    { file: '写真.jpg', result: doneResult(2, [{ decision: 'match', candidates: [candidate('wang', 0.71)] }]) },
    {
      file: 'party.png',
      result: doneResult(
        3,
        [
          { decision: 'match', candidates: [candidate('anna', 0.664), candidate('wang', 0.1)] },
          { decision: 'match', candidates: [candidate('hostile', 0.5)] },
          { decision: 'none' },
        ],
        { droppedFaces: 12 },
      ),
    },
    { file: 'tree.jpg', result: doneResult(4, []) },
    { file: 'empty.jpg', result: failedResult(5) },
  ];
}
