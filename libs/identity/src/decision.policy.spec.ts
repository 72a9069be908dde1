import { describe, expect, it } from 'vitest';
import { bestPerPerson } from './candidates.js';
import { decide } from './decision.policy.js';

const thresholds = { match: { cosine: 0.41, fmr: 1e-4 }, review: { cosine: 0.35, fmr: 1e-3 } };
const person = (personId: string, score: number) => ({ personId, score, referenceId: `${personId}-ref` });

describe('decide', () => {
  it.each([
    [0.41, 'match', thresholds.match],
    [0.4099, 'review', thresholds.review],
    [0.35, 'review', thresholds.review],
    [0.3499, 'none', thresholds.review],
    [-1, 'none', thresholds.review],
  ])('at cosine %f says %s', (score, decision, threshold) => {
    const decided = decide([person('ada', score)], thresholds);
    expect(decided).toMatchObject({ decision, threshold });
    expect(decided.personId).toBe(decision === 'none' ? undefined : 'ada');
  });

  it('reports the margin to the runner-up, and none without one', () => {
    expect(decide([person('ada', 0.75), person('bob', 0.5)], thresholds).margin).toBe(0.25);
    expect(decide([person('ada', 0.75)], thresholds)).not.toHaveProperty('margin');
  });

  it('says none of an empty gallery', () => {
    expect(decide([], thresholds)).toEqual({ decision: 'none', threshold: thresholds.review });
  });
});

describe('bestPerPerson', () => {
  const reference = (id: string, score: number, personId?: string) => ({
    score,
    point: { id, kind: 'person', tenant: 't', collection: 'c', ...(personId && { personId }) } as const,
  });

  it('keeps the best reference of each person, best person first', () => {
    const points = [reference('1', 0.5, 'ada'), reference('2', 0.9, 'bob'), reference('3', 0.7, 'ada')];
    expect(bestPerPerson(points)).toEqual([
      { personId: 'bob', score: 0.9, referenceId: '2' },
      { personId: 'ada', score: 0.7, referenceId: '3' },
    ]);
  });

  it('orders equal scores by person, so that a repeated run decides alike', () => {
    const points = [reference('1', 0.5, 'bob'), reference('2', 0.5, 'ada')];
    expect(bestPerPerson(points).map(({ personId }) => personId)).toEqual(['ada', 'bob']);
    expect(bestPerPerson(points.reverse()).map(({ personId }) => personId)).toEqual(['ada', 'bob']);
  });

  it('leaves out points that belong to nobody', () => {
    expect(bestPerPerson([reference('1', 0.9)])).toEqual([]);
  });
});
