import { uuidSchema } from '@facelane/contracts';
import { z } from 'zod';
import { defineEndpoint } from '../endpoint/define-endpoint.js';
import {
  collectionParams,
  cursorSchema,
  idSchema,
  limitSchema,
  pageOf,
  personParams,
} from '../schemas/common.schema.js';
import {
  enrolAnswerSchema,
  enrolRequestSchema,
  MAX_PHOTOS,
  newPersonSchema,
  personChangesSchema,
  personSchema,
  referenceSchema,
} from '../schemas/person.schema.js';

const tag = 'People';
const missing = ['API.COLLECTION_MISSING', 'API.PERSON_MISSING'] as const;

export const createPerson = defineEndpoint({
  id: 'createPerson',
  method: 'POST',
  path: '/v1/collections/{collection}/people',
  tag,
  summary: 'Create a person',
  access: ['people:write'],
  params: collectionParams,
  body: { kind: 'json', schema: newPersonSchema },
  success: { status: 201, description: 'The person, without reference faces yet.', schema: personSchema },
  problems: ['API.COLLECTION_MISSING', 'API.PERSON_EXISTS', 'API.PERSON_SUPPRESSED'],
});

export const listPeople = defineEndpoint({
  id: 'listPeople',
  method: 'GET',
  path: '/v1/collections/{collection}/people',
  tag,
  summary: 'List people, or search them by name',
  access: ['people:write', 'search'],
  params: collectionParams,
  query: z
    .strictObject({
      name: z.string().min(1).max(256).optional().meta({ description: 'Part of the name, in any case.' }),
      externalId: z.string().min(1).max(256).optional().meta({ description: 'Instead of a name.' }),
      cursor: cursorSchema.optional(),
      limit: limitSchema(200, 50),
    })
    .refine(({ name, externalId }) => name === undefined || externalId === undefined, {
      message: 'ask for a name or an externalId, not both',
      path: ['externalId'],
    }),
  success: { status: 200, description: 'A page, by id.', schema: pageOf(personSchema) },
  problems: ['API.COLLECTION_MISSING'],
});

export const getPerson = defineEndpoint({
  id: 'getPerson',
  method: 'GET',
  path: '/v1/collections/{collection}/people/{person}',
  tag,
  summary: 'Read a person',
  access: ['people:write', 'search'],
  params: personParams,
  success: { status: 200, description: 'The person.', schema: personSchema },
  problems: missing,
});

export const updatePerson = defineEndpoint({
  id: 'updatePerson',
  method: 'PATCH',
  path: '/v1/collections/{collection}/people/{person}',
  tag,
  summary: 'Change name or metadata',
  description:
    'Searches, and photos that are compared from now on, tell the new name after at most five seconds. Results that ' +
    'are there keep the old one until their faces are compared again; the id stays.',
  access: ['people:write'],
  params: personParams,
  body: { kind: 'json', schema: personChangesSchema },
  success: { status: 200, description: 'The person.', schema: personSchema },
  problems: missing,
});

export const deletePerson = defineEndpoint({
  id: 'deletePerson',
  method: 'DELETE',
  path: '/v1/collections/{collection}/people/{person}',
  tag,
  summary: 'Delete or erase a person',
  description:
    'Without `erase`: the person and the reference faces go, and photos are decided anew in the background. With ' +
    '`erase=all`: everything about the person goes before the answer, which holds the id of a receipt.',
  access: ['people:write'],
  params: personParams,
  query: z
    .strictObject({
      erase: z.literal('all').optional(),
      suppress: z
        .stringbool()
        .default(false)
        .meta({
          description:
            'With `erase=all`: keep a one-way guard, so that the same person or photos are not enrolled again.',
          override: { type: 'boolean' },
        }),
    })
    // Deleting without the guard that was asked for could not be mended afterwards.
    .refine(({ erase, suppress }) => erase !== undefined || !suppress, {
      message: 'goes with erase=all only',
      path: ['suppress'],
    }),
  success: {
    status: 200,
    description: 'What was done.',
    schema: z
      .object({ id: uuidSchema, erased: z.boolean(), receipt: uuidSchema.optional() })
      .meta({ id: 'RemovedPerson' }),
  },
  problems: [...missing, 'API.PERSON_MERGED'],
});

export const enrolFaces = defineEndpoint({
  id: 'enrolFaces',
  method: 'POST',
  path: '/v1/collections/{collection}/people/{person}/faces',
  tag,
  summary: 'Enrol photos of a person',
  description: 'One photo or many. Each is answered for itself: accepted, or refused with a reason, a value and a bar.',
  access: ['people:write'],
  params: personParams,
  body: { kind: 'form', schema: enrolRequestSchema, photos: { photos: MAX_PHOTOS } },
  success: { status: 200, description: 'What became of each photo.', schema: enrolAnswerSchema },
  problems: [...missing, 'API.PERSON_MERGED', 'API.SOURCE_NOT_ALLOWED', 'API.CONTRACT_MISMATCH'],
});

export const listReferences = defineEndpoint({
  id: 'listReferences',
  method: 'GET',
  path: '/v1/collections/{collection}/people/{person}/faces',
  tag,
  summary: 'List the reference faces of a person',
  access: ['people:write', 'search'],
  params: personParams,
  success: { status: 200, description: 'All of them.', schema: pageOf(referenceSchema) },
  problems: missing,
});

export const deleteReference = defineEndpoint({
  id: 'deleteReference',
  method: 'DELETE',
  path: '/v1/collections/{collection}/people/{person}/faces/{reference}',
  tag,
  summary: 'Delete a reference face',
  access: ['people:write'],
  params: personParams.extend({ reference: idSchema }),
  success: { status: 200, description: 'The person.', schema: personSchema },
  problems: [...missing, 'API.REFERENCE_MISSING'],
});

const otherPerson = z.strictObject({ person: idSchema }).meta({ id: 'OtherPerson' });

export const mergePeople = defineEndpoint({
  id: 'mergePeople',
  method: 'POST',
  path: '/v1/collections/{collection}/people/{person}/merge',
  tag,
  summary: 'Another person turned out to be this one',
  description: 'Reference faces move over, and photos are decided anew in the background. Can be undone.',
  access: ['people:write'],
  params: personParams,
  body: { kind: 'json', schema: otherPerson },
  success: { status: 200, description: 'The person, with the other one absorbed.', schema: personSchema },
  problems: [...missing, 'API.MERGE_REFUSED', 'API.PERSON_MERGED'],
});

export const unmergePeople = defineEndpoint({
  id: 'unmergePeople',
  method: 'POST',
  path: '/v1/collections/{collection}/people/{person}/unmerge',
  tag,
  summary: 'Undo a merge',
  access: ['people:write'],
  params: personParams,
  body: { kind: 'json', schema: otherPerson },
  success: { status: 200, description: 'The person that was absorbed, restored.', schema: personSchema },
  problems: [...missing, 'API.MERGE_REFUSED'],
});
