import { describe, expect, it } from 'vitest';
import { type EventFacts, matchesFilter } from './webhook.filter.js';
import type { WebhookFilter } from './webhook.schema.js';

const ADA = 'd4846d85-da92-518f-b757-6e02ab435ad6';
const BO = 'd4846d85-da92-518f-b757-6e02ab435ad7';

const matched: EventFacts = {
  ...{ type: 'face.matched', collection: 'friends', people: [ADA], bestScore: 0.7, unknown: false },
};
const stranger: EventFacts = { ...matched, type: 'face.unmatched', people: [], bestScore: 0.2, unknown: true };
/** Of no collection, about nobody, with nothing compared. */
const bare: EventFacts = { type: 'endpoint.disabled', people: [], unknown: false };

const passing = (filter: WebhookFilter): string[] =>
  [matched, stranger, bare].filter((event) => matchesFilter(filter, event)).map(({ type }) => type);

describe('a filter', () => {
  it('without parts lets everything pass', () => {
    expect(passing({})).toEqual(['face.matched', 'face.unmatched', 'endpoint.disabled']);
    expect(passing({ unknownOnly: false })).toHaveLength(3);
  });

  it.each<[string, WebhookFilter, string[]]>([
    ['types', { types: ['face.unmatched', 'endpoint.disabled'] }, ['face.unmatched', 'endpoint.disabled']],
    ['collections', { collections: ['friends', 'staff'] }, ['face.matched', 'face.unmatched']],
    ['other collections', { collections: ['staff'] }, []],
    ['people', { people: [BO, ADA] }, ['face.matched']],
    ['other people', { people: [BO] }, []],
    ['a score', { minScore: 0.7 }, ['face.matched']],
    ['no score to speak of', { minScore: 0 }, ['face.matched', 'face.unmatched']],
    ['unknown faces', { unknownOnly: true }, ['face.unmatched']],
  ])('by %s lets pass what says so of itself', (_what, filter, types) => {
    expect(passing(filter)).toEqual(types);
  });

  it.each<[string, WebhookFilter]>([
    ['types', { types: [] }],
    ['collections', { collections: [] }],
    ['people', { people: [] }],
  ])('with an empty list of %s lets nothing pass', (_what, filter) => {
    expect(passing(filter)).toEqual([]);
  });

  it('asks for all of its parts at once', () => {
    const filter: WebhookFilter = { types: ['face.matched'], collections: ['friends'], people: [ADA], minScore: 0.5 };
    expect(passing(filter)).toEqual(['face.matched']);
    for (const wrong of [{ types: ['job.completed' as const] }, { collections: ['staff'] }, { people: [BO] }]) {
      expect(passing({ ...filter, ...wrong })).toEqual([]);
    }
    expect(passing({ ...filter, minScore: 0.71 })).toEqual([]);
  });
});
