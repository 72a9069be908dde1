import { exampleEvent } from '@facelane/contracts';
import { describe, expect, it } from 'vitest';
import { factsOf } from './event.facts.js';

describe('what of an event filters ask for', () => {
  it('is whose face it is, and how surely', () => {
    const event = exampleEvent('face.matched');
    const { personId, score } = event.data;
    expect(factsOf(event)).toEqual({
      ...{ type: 'face.matched', collection: 'friends', people: [personId], bestScore: score, unknown: false },
    });
    expect(factsOf(exampleEvent('face.unmatched'))).toMatchObject({ people: [], bestScore: 0.2117, unknown: true });
  });

  it('is of a change both whose face it was and whose it is', () => {
    const event = exampleEvent('match.updated');
    const { personId } = event.data.to;
    const lost = { ...event, data: { ...event.data, from: event.data.to, to: { decision: 'none' as const } } };
    expect(factsOf(event)).toMatchObject({ people: [personId], unknown: false });
    expect(factsOf(lost)).toMatchObject({ people: [personId], unknown: true });
  });

  it('is whom an enrolment or an erasure is about, and of all else nobody', () => {
    const { personId } = exampleEvent('person.erased').data;
    expect(factsOf(exampleEvent('person.erased')).people).toEqual([personId]);
    expect(factsOf(exampleEvent('job.completed'))).toMatchObject({ people: [], unknown: false });
  });
});
