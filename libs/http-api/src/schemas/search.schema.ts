import { decisionSchema, thresholdSchema, uuidSchema } from '@facelane/contracts';
import { z } from 'zod';
import { collectionIdSchema, contractSchema, idSchema } from './common.schema.js';
import { candidateSchema, faceSchema, searchFaceSchema, verifyFaceSchema } from './face.schema.js';
import { photoInputSchema } from './photo.schema.js';

const contractField = contractSchema
  .optional()
  .meta({ description: 'Refused with 409 when the collection has another one.' });

export const searchRequestSchema = z
  .strictObject({
    image: photoInputSchema,
    limit: z.int().min(1).max(100).default(5).meta({ description: 'People per face. Default 5.' }),
    onePersonPerPhoto: z.boolean().optional().meta({ description: "Default: the collection's." }),
    store: z
      .boolean()
      .default(false)
      .meta({ description: 'Keep the photo as an asset of the collection. Default false: nothing is left behind.' }),
    externalId: z.string().min(1).max(256).optional().meta({ description: 'Of the asset, with `store`.' }),
    contract: contractField,
  })
  .meta({ id: 'SearchRequest' });

const photoSize = z.object({ width: z.int(), height: z.int() }).meta({ id: 'PhotoSize' });
const droppedFaces = z.int().meta({ description: 'Faces beyond the limit per photo, the least certain ones.' });

export const searchAnswerSchema = z
  .object({
    collection: collectionIdSchema,
    contract: contractSchema,
    photo: photoSize,
    faces: z.array(searchFaceSchema),
    droppedFaces,
    assetId: uuidSchema.optional().meta({ description: 'The asset that the photo became, with `store`.' }),
  })
  .meta({ id: 'SearchAnswer' });

export const detectRequestSchema = z.strictObject({ image: photoInputSchema }).meta({ id: 'DetectRequest' });

export const detectAnswerSchema = z
  .object({ contract: contractSchema, photo: photoSize, faces: z.array(faceSchema), droppedFaces })
  .meta({ id: 'DetectAnswer' });

export const verifyRequestSchema = z
  .strictObject({
    a: photoInputSchema,
    b: photoInputSchema.optional(),
    person: idSchema.optional().meta({ description: 'Compare with all reference faces of this person.' }),
    collection: collectionIdSchema.optional().meta({
      description:
        "Of the person. Its thresholds and bars of quality decide; default: the contract's thresholds at FMR 1e-4 and 1e-3, and no bars.",
    }),
    contract: contractField,
  })
  .refine(({ b, person }) => (b === undefined) !== (person === undefined), {
    message: 'name a second photo (b) or a person, not both',
    path: ['b'],
  })
  .refine(({ person, collection }) => person === undefined || collection !== undefined, {
    message: 'name the collection of the person',
    path: ['collection'],
  })
  .meta({ id: 'VerifyRequest' });

export const verifyAnswerSchema = z
  .object({
    similarity: z.number().meta({ description: 'Cosine; with a person, of the best reference face.' }),
    mean: z.number().optional().meta({ description: 'With a person: mean cosine over all reference faces.' }),
    probability: z.number().optional().meta({
      description:
        "That both are of one person, 0 to 1, by the contract's comparer; with a person, of the best reference face. Absent: the contract has none.",
    }),
    decision: decisionSchema.meta({ description: '`none` also where a face is `withheld`.' }),
    threshold: z.object(thresholdSchema.shape),
    contract: contractSchema,
    a: verifyFaceSchema.meta({ description: 'The largest face of the photo.' }),
    b: verifyFaceSchema.optional(),
    person: candidateSchema.omit({ score: true }).optional(),
  })
  .meta({ id: 'VerifyAnswer' });

export type VerifyRequestBody = z.output<typeof verifyRequestSchema>;
export type VerifyAnswerBody = z.input<typeof verifyAnswerSchema>;
