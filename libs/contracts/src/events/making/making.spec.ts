import { describe, expect, it } from 'vitest';
import type { BulkJobDocument, BulkProgressDocument } from '../../documents/bulk.schema.js';
import type { ReceiptDocument } from '../../documents/erasure.schema.js';
import type { PersonDocument } from '../../documents/person.schema.js';
import type { DoneResult, FailedResult, ResultFace } from '../../documents/result.schema.js';
import { facePointIdOf } from '../../ids/ids.js';
import { uuidV5 } from '../../ids/uuid-v5.js';
import type { EventData } from '../event.schema.js';
import { jsonBytes, MAX_EVENT_BYTES } from '../event.limits.js';
import { eventIdOf } from '../event-id.js';
import { eventsOfChange } from './change.events.js';
import { eventOfDisabling } from './endpoint.event.js';
import { eventOfJobEnd, eventOfJobProgress } from './job.events.js';
import { eventOfEnrolment, eventsOfErasure } from './person.events.js';
import { eventsOfResult } from './result.events.js';
import { withTimes } from './result.times.js';

const ASSET = uuidV5('asset');
const [ADA, BEN] = [uuidV5('ada'), uuidV5('ben')];
const [SUBMITTED, ENDED, LATER] = ['2026-03-01T10:00:00.000Z', '2026-03-01T10:00:02.000Z', '2026-03-02T00:00:00.000Z'];
const quality = {
  ...{
    minSide: 96,
    interEye: 40,
    sharpness: 200,
    brightness: 120,
    contrast: 40,
    yaw: 0,
    pitch: 0,
    roll: 0,
    cut: false,
  },
};
const point = { x: 1, y: 1 };

function face(index: number, decided: Pick<ResultFace, 'decision' | 'personId'>): ResultFace {
  return {
    index,
    box: { x: index, y: 2, width: 30, height: 40 },
    landmarks: [point, point, point, point, point],
    score: 0.99,
    quality,
    pointId: facePointIdOf('acme', ASSET, 'web-1', index),
    ...decided,
    candidates: [
      { personId: ADA, name: 'Ada Lovelace', score: 0.7, referenceId: uuidV5('reference') },
      { personId: BEN, name: 'Ben Bitdiddle', score: 0.3, referenceId: uuidV5('other') },
    ],
    threshold: { cosine: 0.45, fmr: 0.0001 },
  };
}

const place = { version: 1, tenant: 'acme', collection: 'friends', assetId: ASSET, contract: 'web-1' } as const;
const done: DoneResult = {
  ...place,
  state: 'done',
  submittedAt: SUBMITTED,
  endedAt: ENDED,
  photo: { sha256: 'ab'.repeat(32), bytes: 1, format: 'jpeg', width: 1, height: 1 },
  droppedFaces: 2,
  faces: [
    face(0, { decision: 'match', personId: ADA }),
    face(1, { decision: 'review', personId: BEN }),
    face(2, { decision: 'none' }),
  ],
};
const failed: FailedResult = {
  ...place,
  state: 'failed',
  submittedAt: SUBMITTED,
  failure: {
    ...{ stage: 'ingest', code: 'INGEST.EMPTY', message: 'a.jpg is empty.', remedy: 'Replace it.', attempts: 1 },
    details: {},
  },
};

describe('events of a result', () => {
  it('tell the end of the asset and each face, without names', () => {
    const source = { kind: 'url', url: 'https://ada:pw@example.com/a.jpg?signature=secret' } as const;
    const events = eventsOfResult(done, { externalId: 'mine', source });
    const [completed] = events;
    expect(events.map(({ type }) => type)).toEqual([
      ...['asset.completed', 'face.matched', 'face.matched', 'face.unmatched'],
    ]);
    expect(new Set(events.map(({ timestamp }) => timestamp))).toEqual(new Set([ENDED]));
    expect(completed?.data).toEqual({
      ...{ assetId: ASSET, externalId: 'mine', source: 'https://example.com/a.jpg', submittedAt: SUBMITTED },
      ...{ faces: 3, matched: 1, review: 1, unmatched: 1, droppedFaces: 2 },
      resultKey: `tenants/acme/collections/friends/results/${ASSET}.json`,
    });
    expect(events[2]?.data).toMatchObject({ index: 1, decision: 'review', personId: BEN, score: 0.3 });
    expect(events[3]?.data).toMatchObject({ index: 2, externalId: 'mine', bestScore: 0.7 });
    expect(JSON.stringify(events)).not.toMatch(/Lovelace|Bitdiddle|secret|pw/);
  });

  it('tell the time of submission where no end was noted', () => {
    expect(eventsOfResult(failed)[0]?.timestamp).toBe(SUBMITTED);
  });

  it('tell a failure with what it is and whether it may pass', () => {
    const [event, ...others] = eventsOfResult(failed, { tags: ['a'] });
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: 'asset.failed',
      data: {
        tags: ['a'],
        failure: { stage: 'ingest', code: 'INGEST.EMPTY', message: 'a.jpg is empty.', retryable: false },
      },
    });
    const long = { ...failed, failure: { ...failed.failure, message: '😀'.repeat(400) } };
    expect(eventsOfResult(long)[0]).toMatchObject({ data: { failure: { message: `${'😀'.repeat(249)}…` } } });
  });

  it('tell how an enrolment ended', () => {
    const refused = { outcome: 'refused', personId: ADA, reason: 'no_face', measured: 0, bar: 1 } as const;
    const [event] = eventsOfResult({ ...done, faces: [], enrolment: refused });
    expect(event?.data).toMatchObject({ enrolment: { outcome: 'refused', personId: ADA, reason: 'no_face' } });
  });

  it('stay small for as many faces as a photo gives', () => {
    const many = Array.from({ length: 100 }, (_, i) => face(i, { decision: 'match', personId: ADA }));
    const events = eventsOfResult({ ...done, faces: many });
    expect(events).toHaveLength(101);
    expect(Math.max(...events.map(jsonBytes))).toBeLessThan(MAX_EVENT_BYTES / 10);
    expect(new Set(events.map(({ id }) => id)).size).toBe(101);
  });

  it('leave out what is too long as a whole', () => {
    const tags = Array.from({ length: 50 }, () => '\u0000'.repeat(64));
    const [event] = eventsOfResult(done, { tags, source: { kind: 'file', path: `/${'a'.repeat(4000)}` } });
    expect(Object.keys(event!.data)).not.toEqual(expect.arrayContaining(['tags']));
    expect(Object.keys(event!.data)).not.toEqual(expect.arrayContaining(['source']));
  });

  it('never change their ids: consumers have seen them', () => {
    expect(eventIdOf('asset.completed', 'acme', 'friends', ASSET, SUBMITTED)).toBe(eventsOfResult(done)[0]?.id);
    expect(eventsOfResult(done).map(({ id }) => id)).toMatchInlineSnapshot(`
      [
        "80b4308e-762b-5d20-8c26-c9be45d974f7",
        "1d99890f-b633-5430-aeb7-79749ea7979f",
        "6af144aa-334d-551e-bd94-0f1ed5ebbe1b",
        "e0b458c5-1489-5b42-a7f1-46569cad4b13",
      ]
    `);
  });
});

describe('events of a change', () => {
  const next: DoneResult = {
    ...done,
    changedAt: LATER,
    faces: [done.faces[0]!, face(1, { decision: 'match', personId: ADA }), face(2, { decision: 'none' })],
  };

  it('tell what it was and what it is', () => {
    const [event, ...others] = eventsOfChange(done, next, { reason: 'assigned', externalId: 'mine' });
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      type: 'match.updated',
      timestamp: LATER,
      data: {
        externalId: 'mine',
        index: 1,
        from: { decision: 'review', personId: BEN },
        to: { decision: 'match', personId: ADA },
        score: 0.7,
        reason: 'assigned',
      },
    });
  });

  it('have the id that they had when the run that made them is repeated later', () => {
    const again = { ...next, changedAt: '2026-03-03T00:00:00.000Z' };
    const [first, second] = [next, again].map((each) => eventsOfChange(done, each, { reason: 'late-binding' })[0]);
    expect(second?.id).toBe(first?.id);
  });

  it('are none between two submissions, nor after a failure', () => {
    expect(eventsOfChange(done, { ...next, submittedAt: LATER }, { reason: 'late-binding' })).toEqual([]);
    expect(eventsOfChange(failed, next, { reason: 'late-binding' })).toEqual([]);
  });
});

describe('times of a result', () => {
  it('note the end once, and each change', () => {
    const fresh = { ...done, endedAt: undefined };
    const first = withTimes(fresh, undefined, ENDED);
    expect(first).toEqual(done);
    expect(withTimes(fresh, first, LATER)).toEqual(done);
    const changed = withTimes({ ...fresh, faces: [] }, first, LATER);
    expect(changed.changedAt).toBeUndefined();
    const decided = { ...fresh, faces: [face(0, { decision: 'none' })] };
    expect(withTimes(decided, first, LATER)).toMatchObject({ endedAt: ENDED, changedAt: LATER });
  });

  it('note another end for another submission, and when what failed ends otherwise', () => {
    const stored = withTimes(failed, undefined, ENDED);
    expect(withTimes(failed, stored, LATER).endedAt).toBe(ENDED);
    expect(withTimes({ ...failed, submittedAt: ENDED }, stored, LATER).endedAt).toBe(LATER);
    const other = { ...failed, failure: { ...failed.failure, code: 'INGEST.TOO_LARGE' as const } };
    expect(withTimes(other, stored, LATER).endedAt).toBe(LATER);
    expect(withTimes(done, stored, LATER).endedAt).toBe(LATER);
  });
});

describe('events of people, jobs and endpoints', () => {
  const reference = {
    pointId: uuidV5('b'),
    assetId: ASSET,
    sha256: 'ab'.repeat(32),
    faceIndex: 1,
    contract: 'web-1',
    quality,
  };
  const enrolled = { ...reference, addedAt: ENDED };
  const person: PersonDocument = {
    version: 1,
    ...{ tenant: 'acme', collection: 'friends', id: ADA, name: 'Ada Lovelace', createdAt: SUBMITTED },
    references: [{ ...reference, pointId: uuidV5('a') }, enrolled],
  };

  it('tell an enrolment the same when more references have come since', () => {
    const event = eventOfEnrolment(person, enrolled);
    expect(event).toMatchObject({ timestamp: ENDED, data: { personId: ADA, references: 2, faceIndex: 1 } });
    const more = [...person.references, { ...reference, pointId: uuidV5('c') }];
    expect(eventOfEnrolment({ ...person, references: more }, enrolled)).toEqual(event);
    expect(eventOfEnrolment({ ...person, references: more }, { ...enrolled, addedAt: LATER }).id).not.toBe(event.id);
    expect(JSON.stringify(event)).not.toContain('Lovelace');
  });

  it('tell an erasure by each id of the person', () => {
    const zero = { people: 2, references: 0, assets: 0, objects: 0, blankedFaces: 0, points: 0, results: 0, jobs: 0 };
    const receipt: ReceiptDocument = {
      version: 1,
      ...{ id: uuidV5('receipt'), tenant: 'acme', collection: 'friends', subject: 'ab'.repeat(32) },
      ...{ counts: { ...zero, events: 0 }, suppressed: true, startedAt: SUBMITTED, completedAt: ENDED },
      digest: 'ab'.repeat(32),
    };
    const events = eventsOfErasure(receipt, new Set([BEN, ADA]));
    expect(events.map(({ data }) => data.personId)).toEqual([ADA, BEN].sort());
    expect(events[0]).toMatchObject({ timestamp: ENDED, data: { receiptId: receipt.id, suppressed: true } });
    expect(eventsOfErasure(receipt, [ADA, BEN, ADA])).toEqual(events);
  });

  it('tell the way of a job and its end', () => {
    const counts = { done: 1, no_faces: 0, duplicate: 0, failed: 3, cancelled: 0 };
    const job: BulkJobDocument = {
      version: 1,
      wish: 'run',
      ...{ tenant: 'acme', id: uuidV5('job'), collection: 'friends', contract: 'web-1' },
      source: { kind: 'manifest', bucket: 'media', key: 'list.csv' },
      options: { onlyNew: false, weight: 1, window: 200, notify: 'summary' },
      createdAt: SUBMITTED,
    };
    const failures = { 'INGEST.TOO_LARGE': 1, 'INGEST.EMPTY': 2 };
    const progress: BulkProgressDocument = {
      version: 1,
      state: 'running',
      ...{ fence: 1, accounted: 4, cursor: '', counts, failures },
      ...{ startedAt: SUBMITTED, updatedAt: ENDED },
    };
    expect(eventOfJobProgress(job, progress)).toMatchObject({
      timestamp: ENDED,
      data: { state: 'running', accounted: 4 },
    });
    expect(eventOfJobProgress(job, { ...progress, state: 'completed' })).toBeUndefined();
    const end = eventOfJobEnd(job, { ...progress, state: 'completed', endedAt: ENDED });
    expect(end.data).toMatchObject({
      ...{ lines: 4, durationMs: 2000, counts, summaryKey: `tenants/acme/jobs/${job.id}/summary.json` },
    });
    expect(Object.keys(end.data.failures)).toEqual(['INGEST.EMPTY', 'INGEST.TOO_LARGE']);
  });

  it('tell of an endpoint its host alone', () => {
    const event = eventOfDisabling({
      ...{ tenant: 'acme', endpointId: uuidV5('endpoint'), url: 'https://hooks.example.com:8443/t0ken?key=t0ken' },
      ...{ since: SUBMITTED, disabledAt: ENDED, reason: 'failing', lastStatus: 500 },
    });
    expect(event.data).toMatchObject({ host: 'hooks.example.com:8443', lastStatus: 500 });
    expect(JSON.stringify(event)).not.toContain('t0ken');
  });
});

describe('a face that was not compared', () => {
  const withheld = { from: 'match', reasons: [{ reason: 'too_small', measured: 12, bar: 40 }] } as const;
  const small = (decided: Pick<ResultFace, 'decision' | 'personId'>): ResultFace => ({
    ...face(7, decided),
    withheld: { ...withheld, reasons: [...withheld.reasons] },
  });

  it('is no unknown face, and counted by itself', () => {
    const [completed, ...faces] = eventsOfResult({ ...done, faces: [...done.faces, small({ decision: 'none' })] });
    expect(completed?.data).toMatchObject({ faces: 4, matched: 1, review: 1, unmatched: 1, withheld: 1 });
    expect(faces.map(({ type }) => type)).toEqual(['face.matched', 'face.matched', 'face.unmatched']);
  });

  it('tells in what it falls short, each reason with its faces', () => {
    const cut: ResultFace = {
      ...face(8, { decision: 'none' }),
      withheld: { from: 'store', reasons: [{ reason: 'cut', measured: 1, bar: 0 }, ...withheld.reasons] },
    };
    const [completed] = eventsOfResult({ ...done, faces: [cut, small({ decision: 'none' }), ...done.faces] });
    const { withheldReasons } = completed!.data as EventData<'asset.completed'>;
    expect(withheldReasons).toEqual([
      { reason: 'too_small', faces: 2 },
      { reason: 'cut', faces: 1 },
    ]);
    expect(eventsOfResult(done)[0]!.data).not.toHaveProperty('withheldReasons');
  });

  it('is told all the same when somebody said whose it is', () => {
    const [completed, told] = eventsOfResult({ ...done, faces: [small({ decision: 'match', personId: ADA })] });
    expect(completed?.data).not.toHaveProperty('withheld');
    expect(completed?.data).not.toHaveProperty('withheldReasons');
    expect(told).toMatchObject({ type: 'face.matched', data: { personId: ADA } });
  });
});
