import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DoneResult, resultDocumentSchema, type ResultFace } from '../../documents/result.schema.js';
import { jsonBytes, MAX_EVENT_BYTES } from '../event.limits.js';
import { type FacelaneEvent, parseEvent } from '../event.schema.js';
import {
  assetFacts,
  decisions,
  doneResults,
  failedResults,
  jobs,
  progresses,
  times,
} from '../testing/documents.arbitrary.js';
import { eventsOfChange } from './change.events.js';
import { eventOfJobEnd, eventOfJobProgress } from './job.events.js';
import { eventsOfResult } from './result.events.js';
import { eventsOfLastChange, firstOf, takingPlaceOf } from './result.history.js';
import { withTimes } from './result.times.js';

type Decided = Pick<ResultFace, 'decision' | 'personId'>;

const results = fc.oneof(doneResults, failedResults);
const decidedAs = (face: ResultFace, decided: Decided): ResultFace => ({ ...face, personId: undefined, ...decided });
const copy = <T>(value: T): T => structuredClone(value);
const idsOf = (events: readonly FacelaneEvent[]): string[] => events.map(({ id }) => id);

/** What holds for whatever is made: it fits its schema, is small, and no two of one fact share an id. */
function expectSound(events: readonly FacelaneEvent[]): void {
  for (const event of events) {
    const bytes = JSON.stringify(event);
    expect(JSON.stringify(parseEvent(JSON.parse(bytes)))).toBe(bytes);
    expect(jsonBytes(event)).toBeLessThan(MAX_EVENT_BYTES);
  }
  expect(new Set(idsOf(events)).size).toBe(events.length);
}

describe('events of a result', () => {
  it('are sound, and the same bytes whenever they are made', () => {
    fc.assert(
      fc.property(results, assetFacts, (result, asset) => {
        const events = eventsOfResult(result, asset);
        expectSound(events);
        expect(events.length).toBe(result.state === 'done' ? 1 + result.faces.length : 1);
        const stored = resultDocumentSchema.parse(JSON.parse(JSON.stringify(result)));
        expect(JSON.stringify(eventsOfResult(stored, copy(asset)))).toBe(
          JSON.stringify(eventsOfResult(JSON.parse(JSON.stringify(result)) as typeof result, asset)),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('have other ids for another submission, another asset and another decision', () => {
    fc.assert(
      fc.property(doneResults, times, fc.uuid(), decisions, (result, submittedAt, assetId, decided) => {
        fc.pre(submittedAt !== result.submittedAt && assetId !== result.assetId && result.faces.length > 0);
        const [first, ...others] = result.faces;
        const decidedAnew = { ...result, faces: [decidedAs(first!, decided), ...others] };
        const ids = new Set(idsOf(eventsOfResult(result)));
        for (const other of [
          { ...result, submittedAt },
          { ...result, assetId },
        ]) {
          expect(idsOf(eventsOfResult(other)).filter((id) => ids.has(id))).toEqual([]);
        }
        const isSame = first!.decision === decided.decision && first!.personId === decided.personId;
        expect(idsOf(eventsOfResult(decidedAnew)).filter((id) => !ids.has(id))).toHaveLength(isSame ? 0 : 1);
      }),
      { numRuns: 50 },
    );
  });
});

describe('events of a change', () => {
  it('tell each face that was decided otherwise, and none that was not', () => {
    fc.assert(
      fc.property(doneResults, fc.infiniteStream(decisions), fc.infiniteStream(fc.boolean()), (result, next, flags) => {
        const faces = result.faces.map((face) =>
          flags.next().value === true ? decidedAs(face, next.next().value as Decided) : face,
        );
        const changed = { ...result, faces };
        const expected = faces.filter(
          ({ decision, personId }, i) =>
            decision !== result.faces[i]!.decision || personId !== result.faces[i]!.personId,
        );
        const events = eventsOfChange(result, changed, { reason: 'late-binding' });
        expectSound(events);
        expect(events.map(({ data }) => data.faceId)).toEqual(expected.map(({ pointId }) => pointId));
        expect(eventsOfChange(copy(result), copy(changed), { reason: 'late-binding' })).toEqual(events);
        expect(eventsOfChange(result, result, { reason: 'late-binding' })).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('have other ids each time, however often a decision goes back and forth', () => {
    const moments = fc.uniqueArray(times, { minLength: 6, maxLength: 6 }).map((all) => all.sort());
    fc.assert(
      fc.property(doneResults, moments, decisions, decisions, (result, [start, ...later], one, other) => {
        fc.pre(result.faces.length > 0);
        const stating = (decided: Decided): DoneResult => {
          const [first, ...rest] = result.faces;
          return { ...result, endedAt: undefined, changedAt: undefined, faces: [decidedAs(first!, decided), ...rest] };
        };
        let stored = withTimes(stating(one), undefined, start!);
        const told: FacelaneEvent[] = [];
        later.forEach((now, turn) => {
          const next = withTimes(stating(turn % 2 === 0 ? other : one), stored, now);
          told.push(...eventsOfChange(stored, next, { reason: 'assigned' }));
          stored = next;
        });
        const differ = one.decision !== other.decision || one.personId !== other.personId;
        expect(told).toHaveLength(differ ? later.length : 0);
        expectSound(told);
      }),
      { numRuns: 50 },
    );
  });
});

describe('times of a result', () => {
  it('stay when a run comes to what is stored, so its events have the bytes that they had', () => {
    fc.assert(
      fc.property(results, times, times, (result, first, second) => {
        const stored = withTimes(result, undefined, first);
        const again = withTimes(result, stored, second);
        expect(JSON.stringify(eventsOfResult(again))).toBe(JSON.stringify(eventsOfResult(stored)));
      }),
      { numRuns: 50 },
    );
  });
});

describe('events of a job', () => {
  it('are sound, and the same bytes whenever they are made', () => {
    fc.assert(
      fc.property(jobs, progresses, times, (job, progress, endedAt) => {
        const of = (): FacelaneEvent[] => [
          eventOfJobProgress(job, progress)!,
          eventOfJobEnd(job, { ...progress, state: 'completed', endedAt }),
        ];
        expectSound(of());
        expect(JSON.stringify(of())).toBe(JSON.stringify(of()));
      }),
    );
  });
});

describe('the last change of a result', () => {
  it('is told by the result alone, with the same bytes, and leads back to the first end', () => {
    const changes = fc.array(fc.tuple(fc.nat(), decisions), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(doneResults, changes, times, assetFacts, (made, changed, now, facts) => {
        const first: DoneResult = { ...made, endedAt: made.submittedAt, changedAt: undefined };
        fc.pre(
          first.faces.length > 0 && new Set(first.faces.map(({ pointId }) => pointId)).size === first.faces.length,
        );
        const next = changed.reduce<DoneResult>((result, [at, decided]) => {
          const place = at % result.faces.length;
          return { ...result, faces: result.faces.map((face, i) => (i === place ? decidedAs(face, decided) : face)) };
        }, first);
        const filed = takingPlaceOf(next, first, { reason: 'assigned', now });
        const stored = resultDocumentSchema.parse(JSON.parse(JSON.stringify(filed))) as DoneResult;
        const told = eventsOfLastChange(stored, { since: now, externalId: facts.externalId });
        const expected = eventsOfChange(first, filed, { reason: 'assigned', externalId: facts.externalId });
        expect(JSON.stringify(told)).toBe(JSON.stringify(JSON.parse(JSON.stringify(expected))));
        expect(idsOf(eventsOfResult(firstOf(stored), facts))).toEqual(idsOf(eventsOfResult(first, facts)));
        // Whoever comes to the same again leaves it as it is.
        const again = takingPlaceOf(next, stored, { reason: 'late-binding', now: '2101-01-01T00:00:00.000Z' });
        expect(again).toMatchObject({ endedAt: stored.endedAt });
        expect(again.lastChange).toEqual(stored.lastChange);
        expect(eventsOfLastChange(stored, { since: '2101-01-01T00:00:00.000Z' })).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
