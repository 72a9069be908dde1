import type { EventFacts, FacelaneEvent } from '@facelane/contracts';

/** What of an event the filters of endpoints ask for. */
export function factsOf(event: FacelaneEvent): EventFacts {
  const { type, collection } = event;
  return { type, collection, ...aboutFaces(event) };
}

function aboutFaces(event: FacelaneEvent): Pick<EventFacts, 'people' | 'bestScore' | 'unknown'> {
  switch (event.type) {
    case 'face.matched':
      return { people: [event.data.personId], bestScore: event.data.score, unknown: false };
    case 'face.unmatched':
      return { people: [], bestScore: event.data.bestScore, unknown: true };
    case 'match.updated': {
      const { from, to, score } = event.data;
      // Whoever follows a person is to hear as well that a face is his no more.
      const people = [from.personId, to.personId].filter((id) => id !== undefined);
      return { people, bestScore: score, unknown: to.decision === 'none' };
    }
    case 'person.enrolled':
    case 'person.erased':
      return { people: [event.data.personId], unknown: false };
    case 'asset.completed':
    case 'asset.failed':
    case 'job.progress':
    case 'job.completed':
    case 'endpoint.disabled':
      return { people: [], unknown: false };
  }
}
