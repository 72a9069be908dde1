import { EVENT_TYPES, exampleEvent, type EventFacts } from '@facelane/contracts';
import { describe, expect, it } from 'vitest';
import { readNotice } from './event.notice.js';

const factsOf = (event: unknown): EventFacts => readNotice(JSON.stringify(event)).facts;

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

  it.each(EVENT_TYPES)('is read of %s with its time, also when a newer version tells more of it', (type) => {
    const event = exampleEvent(type);
    const newer = { ...event, trace: 'abc', data: { ...event.data, mood: { guess: 'merry' } } };
    expect(readNotice(JSON.stringify(newer))).toEqual(readNotice(JSON.stringify(event)));
    expect(readNotice(JSON.stringify(event))).toMatchObject({ at: Date.parse(event.timestamp), facts: { type } });
  });

  it('is nobody of a type that only a newer version knows', () => {
    const newer = { ...exampleEvent('job.completed'), type: 'photo.removed', collection: 'friends', data: { a: 1 } };
    expect(factsOf(newer)).toEqual({ type: 'photo.removed', collection: 'friends', people: [], unknown: false });
  });

  it('is of no event that lacks it', () => {
    expect(() => readNotice('{')).toThrow(SyntaxError);
    expect(() => factsOf({ type: 'face.matched' })).toThrow('timestamp');
    expect(() => factsOf({ ...exampleEvent('face.matched'), data: {} })).toThrow('personId');
  });
});
