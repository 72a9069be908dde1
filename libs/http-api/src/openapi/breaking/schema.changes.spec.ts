import { describe, expect, it } from 'vitest';
import { type Case, changesBy, type DescriptionDraft, type Schema } from '../testing/description.draft.js';

const REQUESTS: readonly Case[] = [
  [
    'a field is demanded',
    (draft) => draft.schema('NewAsset').required.push('externalId'),
    ['request NewAsset.externalId: must be sent now'],
  ],
  [
    'a new field is demanded',
    (draft) => {
      draft.schema('NewAsset').properties['reason'] = { type: 'string' } as Schema;
      draft.schema('NewAsset').required.push('reason');
    },
    ['request NewAsset.reason: must be sent now'],
  ],
  [
    'a field is removed',
    (draft) => draft.removeField('NewAsset', 'tags'),
    ['request NewAsset.tags: is no longer taken'],
  ],
  [
    'a field is of another type',
    (draft) => (draft.field('NewPerson', 'name').type = 'integer'),
    ['request NewPerson.name: is integer instead of string'],
  ],
  [
    'a number must be an integer',
    (draft) => (draft.schema('Bar').anyOf[1]!.properties['cosine']!.type = 'integer'),
    ['request Bar.cosine: is integer instead of number'],
  ],
  [
    'a value of a list is removed',
    (draft) => (draft.field('NewAsset', 'lane').enum = ['interactive']),
    ['request NewAsset.lane: no longer takes "bulk"'],
  ],
  [
    'only some values are taken',
    (draft) => (draft.field('NewPerson', 'name').enum = ['Ada', 'Bob']),
    ['request NewPerson.name: takes only "Ada", "Bob" now'],
  ],
  [
    'an upper bound is lowered',
    (draft) => (draft.field('NewAsset', 'tags')['maxItems'] = 10),
    ['request NewAsset.tags: maxItems is 10 instead of 50'],
  ],
  [
    'a lower bound is raised',
    (draft) => (draft.field('NewUpload', 'expiresInSeconds')['minimum'] = 60),
    ['request NewUpload.expiresInSeconds: minimum is 60 instead of 10'],
  ],
  [
    'a bound is new',
    (draft) => (draft.field('ObjectSource', 'bucket')['pattern'] = '^photos-'),
    ['request ObjectSource.bucket: pattern is "^photos-" instead of none'],
  ],
  [
    'a format is new',
    (draft) => (draft.field('NewPerson', 'name')['format'] = 'email'),
    ['request NewPerson.name: format is "email" instead of none'],
  ],
  [
    'items of a list are narrowed',
    (draft) => (draft.field('NewAsset', 'tags').items['maxLength'] = 8),
    ['request NewAsset.tags[]: maxLength is 8 instead of 64'],
  ],
  [
    'values of a record are narrowed',
    (draft) => ((draft.field('NewPerson', 'metadata')['additionalProperties'] as Schema)['maxLength'] = 8),
    ['request NewPerson.metadata.*: maxLength is 8 instead of 1024'],
  ],
  [
    'a record is taken no more',
    (draft) => (draft.field('NewPerson', 'metadata')['additionalProperties'] = false),
    ['request NewPerson.metadata.*: is no longer taken'],
  ],
  [
    'an alternative is removed',
    (draft) => draft.schema('PhotoSource').anyOf.splice(1, 1),
    ['request PhotoSource: no longer takes UrlSource'],
  ],
  [
    'null is removed',
    (draft) => draft.field('CollectionChanges', 'retentionDays').anyOf.pop(),
    ['request CollectionChanges.retentionDays: no longer takes null'],
  ],
  [
    'a form demands a field that the same JSON does not',
    (draft) => draft.operation('createAsset').requestBody!.content['multipart/form-data']!.schema.required.push('tags'),
    ['request body multipart/form-data.tags: must be sent now'],
  ],
  [
    'a keyword changes that nothing here understands',
    (draft) => (draft.schema('NewPerson')['not'] = { required: ['externalId'] }),
    ['request NewPerson: not changed, which this check does not understand: look at it'],
  ],
];

const RESPONSES: readonly Case[] = [
  ['a field is removed', (draft) => draft.removeField('Asset', 'source'), ['response Asset.source: was removed']],
  [
    'an optional field is removed',
    (draft) => draft.removeField('Asset', 'externalId'),
    ['response Asset.externalId: was removed'],
  ],
  ['a field may be absent', (draft) => draft.optional('Asset', 'source'), ['response Asset.source: may be absent now']],
  [
    'a field is of another type',
    (draft) => (draft.field('Asset', 'source').type = 'object'),
    ['response Asset.source: is object instead of string'],
  ],
  [
    'an integer may have a fraction',
    (draft) => (draft.field('Person', 'references').type = 'number'),
    ['response Person.references: is number instead of integer'],
  ],
  [
    'a field may be null',
    (draft) => (draft.field('Asset', 'source').type = ['string', 'null']),
    ['response Asset.source: may be null'],
  ],
  [
    'a field may be of a second type',
    (draft) => (draft.field('Asset', 'tags').items = { anyOf: [{ type: 'string' }, { type: 'integer' }] } as Schema),
    ['response Asset.tags[]: may be integer'],
  ],
  [
    'a list of values has a new one',
    (draft) => draft.schema('Decision').enum!.push('unsure'),
    ['response Decision: may be "unsure" now'],
  ],
  [
    'a list of values is given up',
    (draft) => Reflect.deleteProperty(draft.schema('Decision'), 'enum'),
    ['response Decision: may be anything now, not only "match", "review", "none"'],
  ],
  [
    'a constant changes',
    (draft) => (draft.field('Receipt', 'version')['const'] = 2),
    ['response Receipt.version: may be 2 now'],
  ],
  [
    'a format changes',
    (draft) => (draft.field('Asset', 'submittedAt')['format'] = 'date'),
    ['response Asset.submittedAt: format is "date" instead of "date-time"'],
  ],
  [
    'values of a record are of another type',
    (draft) => (draft.field('Me', 'thresholds')['additionalProperties'] = { type: 'string' }),
    ['response Me.thresholds.*: is string instead of number'],
  ],
  [
    'a tuple grows',
    (draft) => (draft.field('Face', 'landmarks')['prefixItems'] as Schema[]).push({ type: 'number' } as Schema),
    ['response Face.landmarks: has 6 fixed places instead of 5'],
  ],
  [
    'a problem loses a field',
    (draft) => draft.removeField('Problem', 'remedy'),
    ['response Problem.remedy: was removed'],
  ],
];

describe('a schema', () => {
  it.each(REQUESTS)('of a request breaks clients when %s', (_what, edit, found) => {
    expect(changesBy(edit)).toEqual(found);
  });

  it.each(RESPONSES)('of a response breaks clients when %s', (_what, edit, found) => {
    expect(changesBy(edit)).toEqual(found);
  });

  it('lets a list of values grow in a response when it said before that it may', () => {
    const grow = (draft: DescriptionDraft): void => void draft.schema('Decision').enum!.push('unsure');
    const open = (draft: DescriptionDraft): void => void (draft.schema('Decision')['x-open-enum'] = true);
    expect(changesBy(grow, open)).toEqual([]);
    // Saying so together with the new value comes too late for the clients of before.
    expect(
      changesBy((draft) => {
        open(draft);
        grow(draft);
      }),
    ).toEqual(['response Decision: may be "unsure" now']);
  });

  it('follows a schema that holds itself, and parts of a schema', () => {
    const nest = (draft: DescriptionDraft): void => {
      draft.schema('Box').properties['inner'] = { $ref: '#/components/schemas/Box' } as unknown as Schema;
      draft.schema('Photo')['allOf'] = [{ properties: { taken: { type: 'string' } } }];
    };
    const edit = (draft: DescriptionDraft): void => {
      Reflect.deleteProperty(draft.field('Box', 'x'), 'type');
      (draft.schema('Photo')['allOf'] as Schema[])[0]!.properties['taken']!.type = 'integer';
    };
    expect(changesBy(edit, nest)).toEqual([
      'response Photo.taken: is integer instead of string',
      'response Box.x: is anything instead of number',
    ]);
  });
});
