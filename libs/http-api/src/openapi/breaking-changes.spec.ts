import { describe, expect, it } from 'vitest';
import { findBreakingChanges } from './breaking-changes.js';
import { changesBy, DescriptionDraft, type Schema } from './testing/description.draft.js';

const HARMLESS: readonly (readonly [what: string, edit: (draft: DescriptionDraft) => void])[] = [
  ['nothing changes', () => undefined],
  ['a text changes', (draft) => (draft.schema('Asset')['description'] = 'Another one.')],
  ['a path is added', (draft) => (draft.description.paths['/v2/assets'] = draft.description.paths['/v1/assets']!)],
  ['a refusal is added', (draft) => (draft.operation('live').responses['410'] = { content: {} })],
  ['a refusal is removed', (draft) => Reflect.deleteProperty(draft.operation('createAsset').responses, '408')],
  [
    'an optional parameter is added',
    (draft) => draft.operation('listKeys').parameters.push({ in: 'query', name: 'all', schema: {} as Schema }),
  ],
  [
    'an optional field of a request is added',
    (draft) => (draft.schema('NewAsset').properties['note'] = { type: 'string' } as Schema),
  ],
  ['a field of a request need not be sent', (draft) => draft.optional('NewPerson', 'name')],
  ['a bound of a request is loosened', (draft) => (draft.field('NewAsset', 'tags')['maxItems'] = 100)],
  ['a bound of a request is lifted', (draft) => Reflect.deleteProperty(draft.field('NewAsset', 'tags'), 'maxItems')],
  ['a request takes another value', (draft) => draft.field('NewAsset', 'lane').enum!.push('night')],
  [
    'a request takes another alternative',
    (draft) => draft.schema('PhotoSource').anyOf.push({ type: 'integer' } as Schema),
  ],
  ['a request takes null', (draft) => (draft.field('NewPerson', 'name').type = ['string', 'null'])],
  [
    'a field of a response is added',
    (draft) => {
      draft.schema('Asset').properties['note'] = { type: 'string' } as Schema;
      draft.schema('Asset').required.push('note');
    },
  ],
  ['a field of a response is always there', (draft) => draft.schema('Asset').required.push('externalId')],
  ['a response has one value less', (draft) => draft.schema('Decision').enum!.pop()],
  ['a bound of a response changes', (draft) => (draft.field('Person', 'references')['maximum'] = 5)],
  [
    'a schema gets a name',
    (draft) => {
      draft.description.components.schemas['Source'] = draft.field('Asset', 'source');
      draft.schema('Asset').properties['source'] = { $ref: '#/components/schemas/Source' } as unknown as Schema;
    },
  ],
  ['another scope is enough, too', (draft) => draft.operation('getAsset')['x-scopes']!.push('people:write')],
  ['a key is no longer demanded', (draft) => (draft.operation('listKeys').security = [])],
];

describe('findBreakingChanges', () => {
  it.each(HARMLESS)('lets pass that %s', (_what, edit) => {
    expect(changesBy(edit)).toEqual([]);
  });

  it('says once what breaks many operations, and names them', () => {
    const [released, current] = [new DescriptionDraft(), new DescriptionDraft()];
    current.removeField('Person', 'name');
    const [found, ...others] = findBreakingChanges(released.description, current.description);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ where: 'response Person.name', what: 'was removed' });
    expect(found!.operations).toEqual(expect.arrayContaining(['createPerson', 'listPeople', 'enrolFaces']));
    expect(new Set(found!.operations).size).toBe(found!.operations.length);
  });

  it.each([[undefined], [{ swagger: '2.0', paths: {} }], [{ openapi: '3.1.0' }]])('refuses %j', (value) => {
    expect(() => findBreakingChanges(value, value)).toThrow('no OpenAPI 3.1 document');
  });

  it('names a reference that points nowhere', () => {
    const broken = new DescriptionDraft();
    Reflect.deleteProperty(broken.description.components.schemas, 'Box');
    expect(() => findBreakingChanges(broken.description, broken.description)).toThrow('#/components/schemas/Box');
  });
});
