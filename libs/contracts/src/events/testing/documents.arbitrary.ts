import fc from 'fast-check';
import type { BulkJobDocument, BulkProgressDocument } from '../../documents/bulk.schema.js';
import type { DoneResult, FailedResult, ResultFace } from '../../documents/result.schema.js';
import { ERROR_CODES, type ErrorCode } from '../../errors/error-codes.js';
import type { AssetFacts } from '../making/told.facts.js';

export const uuids = fc.uuid();
export const times = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const slugs = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
const codes = fc.constantFrom(...(Object.keys(ERROR_CODES) as ErrorCode[]));
/** Of every character there is, those that JSON escapes often among them. */
const texts = (maxLength: number, minLength = 0): fc.Arbitrary<string> =>
  fc
    .oneof(
      fc.string({ unit: 'binary', minLength, maxLength, size: 'max' }),
      fc.string({ unit: fc.constantFrom('\u0000', '"', '漢', '\ud800', 'a'), minLength, maxLength, size: 'max' }),
    )
    .map((text) => text.slice(0, maxLength))
    .filter((text) => text.length >= minLength);
const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
const cosines = fc.double({ min: -1, max: 1, noNaN: true });
const maybe = <K extends string, T>(name: K, value: fc.Arbitrary<T>): fc.Arbitrary<Partial<Record<K, T>>> =>
  fc.record({ [name]: value }, { requiredKeys: [] }) as fc.Arbitrary<Partial<Record<K, T>>>;

/** The members of both. */
const joined = <A, B>(a: fc.Arbitrary<A>, b: fc.Arbitrary<B>): fc.Arbitrary<A & B> =>
  fc.tuple(a, b).map(([first, second]) => ({ ...first, ...second }));

const points = fc.record({ x: numbers, y: numbers });
const quality = fc.record({
  ...{ minSide: numbers, interEye: numbers, sharpness: numbers, brightness: numbers, contrast: numbers },
  ...{ yaw: numbers, pitch: numbers, roll: numbers, cut: fc.boolean() },
});
const candidates = fc.record({ personId: uuids, name: texts(20), score: cosines, referenceId: uuids });

export const decisions: fc.Arbitrary<Pick<ResultFace, 'decision' | 'personId'>> = fc.oneof(
  fc.constant({ decision: 'none' as const }),
  fc.record({ decision: fc.constantFrom('match' as const, 'review' as const), personId: uuids }),
);

const faces: fc.Arbitrary<ResultFace> = joined(
  fc.record({
    ...{ index: fc.nat(), score: numbers, quality, pointId: uuids },
    box: fc.record({ x: numbers, y: numbers, width: numbers, height: numbers }),
    landmarks: fc.tuple(points, points, points, points, points),
    candidates: fc.array(candidates, { maxLength: 5 }),
    threshold: fc.record({ cosine: cosines, fmr: fc.constant(0.0001) }),
  }),
  decisions,
);

const base = joined(
  fc.record({
    ...{ version: fc.constant(1 as const), tenant: slugs, collection: slugs, assetId: uuids, submittedAt: times },
    contract: fc.constant('web-1-4f2a'),
  }),
  fc.tuple(maybe('endedAt', times), maybe('changedAt', times)).map(([ended, changed]) => ({ ...ended, ...changed })),
);

const enrolments = fc.oneof(
  fc.record({ outcome: fc.constant('accepted' as const), personId: uuids, referenceId: uuids, faceIndex: fc.nat() }),
  fc.record({
    ...{ outcome: fc.constant('refused' as const), personId: uuids, measured: numbers, bar: numbers },
    reason: fc.constantFrom('no_face' as const, 'pose' as const),
  }),
);

const photo = { sha256: 'ab'.repeat(32), bytes: 1, format: 'jpeg' as const, width: 1, height: 1 };

/** Of up to as many faces as a photo gives. */
export const doneResults: fc.Arbitrary<DoneResult> = joined(
  joined(
    base,
    fc.record({
      ...{ state: fc.constant('done' as const), photo: fc.constant(photo), droppedFaces: fc.nat() },
      faces: fc.uniqueArray(faces, { maxLength: 100, selector: ({ pointId }) => pointId }),
    }),
  ),
  joined(maybe('duplicateOf', uuids), maybe('enrolment', enrolments)),
);

export const failedResults: fc.Arbitrary<FailedResult> = joined(
  base,
  fc.record({
    state: fc.constant('failed' as const),
    failure: fc.record({
      ...{ stage: fc.constantFrom('ingest', 'match'), code: codes, message: texts(2000), remedy: texts(20) },
      ...{ attempts: fc.integer({ min: 1, max: 12 }), details: fc.constant({}) },
    }),
  }),
);

export const assetFacts: fc.Arbitrary<AssetFacts> = fc.record(
  {
    externalId: texts(256),
    tags: fc.array(texts(64), { maxLength: 50, size: 'max' }),
    source: fc.oneof(
      fc.record({ kind: fc.constant('object' as const), bucket: fc.constant('media'), key: texts(1024, 1) }),
      fc.record({ kind: fc.constant('file' as const), path: texts(4096, 1) }),
    ),
    bulk: fc.record({ job: uuids, line: fc.integer({ min: 1 }) }),
  },
  { requiredKeys: [] },
);

export const jobs: fc.Arbitrary<BulkJobDocument> = joined(
  fc.record({
    ...{ version: fc.constant(1 as const), tenant: slugs, id: uuids, collection: slugs, createdAt: times },
    contract: fc.constant('web-1-4f2a'),
    source: fc.constant({ kind: 'manifest' as const, bucket: 'media', key: 'list.csv' }),
    options: fc.constant({ onlyNew: false, weight: 1, window: 200, notify: 'summary' as const }),
    wish: fc.constant('run' as const),
  }),
  joined(maybe('total', fc.integer({ min: 1 })), maybe('retryOf', uuids)),
);

const counts = fc.record({
  ...{ done: fc.nat(), no_faces: fc.nat(), duplicate: fc.nat(), failed: fc.nat(), cancelled: fc.nat() },
});

export const progresses: fc.Arbitrary<BulkProgressDocument> = joined(
  fc.record({
    ...{ version: fc.constant(1 as const), fence: fc.nat(), accounted: fc.nat(), cursor: fc.constant(''), counts },
    state: fc.constantFrom('waiting' as const, 'running' as const, 'paused' as const),
    failures: fc.dictionary(codes, fc.integer({ min: 1 }), { maxKeys: 200, size: 'max' }),
    updatedAt: times,
  }),
  joined(
    maybe('startedAt', times),
    maybe('failure', fc.record({ code: codes, message: texts(2000), remedy: fc.constant('Look.') })),
  ),
);
