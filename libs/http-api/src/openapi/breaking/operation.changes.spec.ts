import { describe, expect, it } from 'vitest';
import { type Case, changesBy, type Schema } from '../testing/description.draft.js';

const OPERATIONS: readonly Case[] = [
  [
    'a path is removed',
    (draft) => Reflect.deleteProperty(draft.description.paths, '/v1/verify'),
    ['POST /v1/verify: was removed'],
  ],
  [
    'an operation is removed',
    (draft) => Reflect.deleteProperty(draft.description.paths['/v1/assets']!, 'get'),
    ['GET /v1/assets: was removed'],
  ],
  [
    'an operation is renamed',
    (draft) => (draft.operation('listKeys').operationId = 'keys'),
    ['operationId: is keys instead of listKeys'],
  ],
  [
    'a success status is removed',
    (draft) => {
      const { responses } = draft.operation('createAsset');
      responses['201'] = responses['202']!;
      Reflect.deleteProperty(responses, '202');
    },
    ['response 202: is no longer answered'],
  ],
  [
    'a content type is no longer answered',
    (draft) => {
      const { content } = draft.operation('getCrop').responses['200']!;
      content['image/png'] = content['image/jpeg']!;
      Reflect.deleteProperty(content, 'image/jpeg');
    },
    ['response 200 image/jpeg: is no longer answered'],
  ],
  [
    'a content type is no longer taken',
    (draft) => Reflect.deleteProperty(draft.operation('createAsset').requestBody!.content, 'multipart/form-data'),
    ['request body multipart/form-data: is no longer taken'],
  ],
  [
    'a body is demanded',
    (draft) => (draft.operation('listKeys').requestBody = { required: true, content: {} }),
    ['request body: must be sent now'],
  ],
  [
    'a body is no longer taken',
    (draft) => Reflect.deleteProperty(draft.operation('createKey'), 'requestBody'),
    ['request body: is no longer taken'],
  ],
];

const PARAMETERS: readonly Case[] = [
  [
    'one is removed',
    (draft) => {
      const operation = draft.operation('listAssets');
      operation.parameters = operation.parameters.filter(({ name }) => name !== 'tag');
    },
    ['request query.tag: is no longer taken'],
  ],
  [
    'one is demanded',
    (draft) => (draft.parameter('listAssets', 'tag').required = true),
    ['request query.tag: must be sent now'],
  ],
  [
    'a new one is demanded',
    (draft) =>
      draft.operation('listKeys').parameters.push({
        in: 'header',
        name: 'Team',
        required: true,
        schema: {} as Schema,
      }),
    ['request header.team: must be sent now'],
  ],
  [
    'the bounds of one are tightened',
    (draft) => (draft.parameter('listAssets', 'limit').schema['maximum'] = 100),
    ['request query.limit: maximum is 100 instead of 200'],
  ],
  [
    'one has another default',
    (draft) => (draft.parameter('listAssets', 'limit').schema['default'] = 10),
    ['request query.limit: default is 10 instead of 50'],
  ],
];

const ACCESS: readonly Case[] = [
  [
    'a key is demanded',
    (draft) => Reflect.deleteProperty(draft.operation('live'), 'security'),
    ['access security: a caller without a key is no longer let in'],
  ],
  [
    'a second scheme is demanded',
    (draft) => {
      draft.description.components.securitySchemes['device'] = { type: 'mutualTLS' };
      draft.operation('listKeys').security = [{ key: [], device: [] }];
    },
    ['access security: a caller with key is no longer let in'],
  ],
  [
    'a scheme is another one under the same name',
    (draft) => {
      draft.description.components.securitySchemes['key'] = { type: 'apiKey', in: 'header', name: 'x-api-key' };
      for (const id of draft.operationIds) if (id !== 'whoAmI') draft.operation(id).security = [];
    },
    ['access security: a caller with key is no longer let in'],
  ],
  [
    'a scope is no longer enough',
    (draft) => (draft.operation('getAsset')['x-scopes'] = ['search']),
    ['access scopes: "assets:write" is no longer enough'],
  ],
  [
    'a scope is demanded where any key would do',
    (draft) => (draft.operation('whoAmI')['x-scopes'] = ['admin']),
    ['access scopes: one of "admin" is needed now'],
  ],
];

describe('an operation', () => {
  describe.each([
    ['operations', OPERATIONS],
    ['parameters', PARAMETERS],
    ['access', ACCESS],
  ])('of %s', (_group, cases) => {
    it.each(cases)('breaks clients when %s', (_what, edit, found) => {
      expect(changesBy(edit)).toEqual(found);
    });
  });
});
