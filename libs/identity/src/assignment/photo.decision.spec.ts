import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PersonScore } from '../candidates.js';
import { decide } from '../decision.policy.js';
import { decidePhoto, type FaceToDecide } from './photo.decision.js';

const thresholds = { match: { cosine: 0.41, fmr: 1e-4 }, review: { cosine: 0.35, fmr: 1e-3 } };

/** A face that resembles persons as given, e.g. `{ ada: 0.7 }`. */
const face = (index: number, scores: Readonly<Record<string, number>>, stated?: string): FaceToDecide => ({
  index,
  candidates: Object.entries(scores)
    .map(([personId, score]): PersonScore => ({ personId, score, referenceId: `${personId}-ref` }))
    .sort((a, b) => b.score - a.score || a.personId.localeCompare(b.personId)),
  ...(stated !== undefined && { stated }),
});

const persons = (faces: readonly FaceToDecide[]): unknown[] =>
  decidePhoto(faces, thresholds).map(({ decision, personId, displacedBy }) => [decision, personId, displacedBy]);

describe('a person in a photo', () => {
  it('is the face that resembles him most; the other is nobody, and says why', () => {
    expect(persons([face(0, { ada: 0.6 }), face(1, { ada: 0.7 })])).toEqual([
      ['none', undefined, 1],
      ['match', 'ada', undefined],
    ]);
  });

  it('gives way where the photo as a whole fits better, decided on the score with the person given', () => {
    expect(persons([face(4, { ada: 0.7, bob: 0.65 }), face(7, { ada: 0.69, bob: 0.2 })])).toEqual([
      ['match', 'bob', 7],
      ['match', 'ada', undefined],
    ]);
    expect(persons([face(0, { ada: 0.7 }), face(1, { ada: 0.69, bob: 0.36 })])).toEqual([
      ['match', 'ada', undefined],
      ['review', 'bob', 0],
    ]);
  });

  it('is not taken from a sure face for the sake of two that are barely plausible', () => {
    expect(persons([face(0, { ada: 0.65, bob: 0.36 }), face(1, { ada: 0.38 })])).toEqual([
      ['match', 'ada', undefined],
      ['none', undefined, 0],
    ]);
  });

  it('counts from exactly the review bar on, and below it displaces nobody', () => {
    expect(persons([face(0, { ada: 0.35 })])).toEqual([['review', 'ada', undefined]]);
    expect(persons([face(0, { ada: 0.9 }), face(1, { ada: 0.3499 })])).toEqual([
      ['match', 'ada', undefined],
      ['none', undefined, undefined],
    ]);
  });

  it('who was stated stays, whatever the scores, and no other face is given him', () => {
    expect(persons([face(0, { ada: 0.9, bob: 0.5 }), face(1, { bob: 0.8, ada: 0.1 }, 'ada')])).toEqual([
      ['match', 'bob', 1],
      ['match', 'ada', undefined],
    ]);
    expect(persons([face(0, {}, 'ada'), face(1, { ada: 0.9 }, 'ada')])).toEqual([
      ['match', 'ada', undefined],
      ['match', 'ada', undefined],
    ]);
  });

  it('may be several faces of a collage', () => {
    const faces = [face(0, { ada: 0.6 }), face(1, { ada: 0.7 }), face(2, { ada: 0.1 }, 'bob')];
    const decisions = decidePhoto(faces, thresholds, false);
    expect(decisions.map(({ decision, personId }) => [decision, personId])).toEqual([
      ['match', 'ada'],
      ['match', 'ada'],
      ['match', 'bob'],
    ]);
  });

  it('leaves margin and bars as they are for the face alone', () => {
    const [first, second] = decidePhoto(
      [face(0, { ada: 0.75, bob: 0.5 }), face(1, { ada: 0.8, bob: 0.25 })],
      thresholds,
    );
    expect(first).toEqual({
      decision: 'match',
      personId: 'bob',
      threshold: thresholds.match,
      margin: 0.25,
      displacedBy: 1,
    });
    expect(second).toMatchObject({ personId: 'ada', threshold: thresholds.match });
    expect(second!.margin).toBeCloseTo(0.55, 12);
  });
});

describe('every photo', () => {
  const NAMES = ['ada', 'bob', 'cy', 'di'];
  const score = fc.oneof(fc.constantFrom(0.2, 0.35, 0.41, 0.5), fc.double({ min: -1, max: 1, noNaN: true }));
  const photos = fc
    .array(fc.tuple(score, score, score, score), { minLength: 1, maxLength: 5 })
    .map((rows) =>
      rows.map((row, index) => face(index, Object.fromEntries(row.map((value, i) => [NAMES[i]!, value])))),
    );
  const scoreOf = ({ candidates }: FaceToDecide, id: string): number =>
    candidates.find(({ personId }) => personId === id)!.score;

  /** The largest total above the bar over every way to give out the persons. */
  const best = (faces: readonly FaceToDecide[], row = 0, taken: readonly string[] = []): number => {
    const current = faces[row];
    if (current === undefined) return 0;
    const ways = NAMES.filter((id) => !taken.includes(id) && scoreOf(current, id) >= 0.35).map(
      (id) => scoreOf(current, id) - 0.35 + best(faces, row + 1, [...taken, id]),
    );
    return Math.max(best(faces, row + 1, taken), ...ways);
  };

  it('has nobody twice, and no better way to give out its persons', () => {
    fc.assert(
      fc.property(photos, (faces) => {
        const decisions = decidePhoto(faces, thresholds);
        const given = decisions.flatMap(({ personId }) => personId ?? []);
        expect(new Set(given).size).toBe(given.length);
        const total = decisions.reduce(
          (sum, { personId }, i) => sum + (personId === undefined ? 0 : scoreOf(faces[i]!, personId) - 0.35),
          0,
        );
        expect(total).toBeCloseTo(best(faces), 6);
      }),
      { numRuns: 300 },
    );
  });

  it('of one face is decided as that face is', () => {
    fc.assert(
      fc.property(photos, ([only]) => {
        expect(decidePhoto([only!], thresholds)).toEqual([decide(only!.candidates, thresholds)]);
      }),
    );
  });
});
