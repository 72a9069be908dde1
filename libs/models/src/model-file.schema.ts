import { z } from 'zod';
import { sha256Schema } from '@facelane/contracts';
import { parseSource } from './sources/source.js';

/** Ids become file names in the cache. */
export const modelIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'use lower-case letters, digits, dashes and dots');

const sourceSchema = z.string().superRefine((source, context) => {
  try {
    parseSource(source);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
  }
});

const licenceSchema = z.strictObject({
  /** SPDX identifier, or `LicenseRef-…` for terms of the publisher's own. */
  spdx: z.string().min(1),
  /** Who made the file and from what, as far as it is stated; says so when it is not. */
  provenance: z.string().min(1),
  /** False: the terms restrict use (research only, say), so they must be accepted on the record before the file is fetched. */
  permissive: z.boolean(),
});

/** How pixels become the network's input: (value − mean) / std, values 0..255. */
const inputSchema = z.strictObject({
  name: z.string().min(1),
  layout: z.literal('NCHW'),
  width: z.int().min(1),
  height: z.int().min(1),
  order: z.enum(['RGB', 'BGR', 'GREY']),
  mean: z.number(),
  std: z.number().gt(0),
});

const perChannel = z.union([z.number(), z.tuple([z.number(), z.number(), z.number()]).readonly()]);
const positivePerChannel = perChannel.refine(
  (values) => [values].flat().every((value) => value > 0),
  'must be above 0',
);

/** How a detector's picture is made, see libs/vision. Absent: squash. */
const detectorInputSchema = z.strictObject({
  ...inputSchema.shape,
  order: z.enum(['RGB', 'BGR']),
  /** Three values go with the planes in the stated order. */
  mean: perChannel,
  /**
   * `squash`: the photo is resized to width × height. `letterbox`: its shape is kept and the rest is black. `inside`: the
   * same with no more black than the network's steps need, so the input's size follows the photo.
   */
  fit: z.enum(['squash', 'letterbox', 'inside']).optional(),
});

const faceInput = {
  name: z.string().min(1),
  layout: z.enum(['NCHW', 'NHWC']),
  width: z.int().min(8).max(1024),
  height: z.int().min(8).max(1024),
  order: z.enum(['RGB', 'BGR']),
  /**
   * The square of the aligned 112×112 crop that becomes the input, in its pixels. It may reach beyond, where the crop's
   * edge is repeated. Absent: the whole crop.
   */
  area: z.strictObject({ x: z.number(), y: z.number(), side: z.number().gt(0) }).optional(),
};

/** How a crop becomes an embedder's input. */
const embedderInputSchema = z.union([
  /** (value − mean) / std; three values go with the channels in the stated order. */
  z.strictObject({ ...faceInput, mean: perChannel, std: positivePerChannel }),
  /** The picture's own mean and standard deviation instead, as FaceNet does it. */
  z.strictObject({ ...faceInput, prewhiten: z.literal(true) }),
]);

const outputsSchema = z.array(z.strictObject({ name: z.string().min(1), shape: z.array(z.int().min(1)) })).min(1);

const origin = { source: sourceSchema, sha256: sha256Schema, bytes: z.int().min(1) };

const file = {
  id: modelIdSchema,
  ...origin,
  /** What a file with a source of `build:<recipe>` is made of, under the names that the recipe gives. */
  from: z.record(z.string(), z.strictObject(origin)).optional(),
  licence: licenceSchema,
};
const network = { ...file, input: inputSchema, outputs: outputsSchema };

export const modelFileSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...network,
    kind: z.literal('detector'),
    input: detectorInputSchema,
    /** How the outputs are read; their order is the decoder's (models/README.md). */
    decoder: z.enum(['ultraface', 'yunet', 'scrfd', 'retinaface', 'mtcnn', 'haar']),
    /** Files of kind `stage` that go on with what this network finds, in their order; of `mtcnn` two networks, of `haar` the cascade of eyes. */
    stages: z.array(modelIdSchema).readonly().optional(),
  }),
  z.strictObject({ ...network, kind: z.literal('landmarks'), decoder: z.literal('points68') }),
  z.strictObject({
    ...network,
    kind: z.literal('embedder'),
    input: embedderInputSchema,
    /** Values per vector: the first output holds so many per face. */
    dimension: z.int().min(1),
    /**
     * Lengths of the vectors, before they get unit length, at which a crop shows nothing that the network knows, and a clear face. Stated
     * of networks whose lengths tell the two apart; it changes no vector. Absent: strength is not measured.
     */
    strength: z
      .strictObject({ none: z.number().min(0), full: z.number().gt(0) })
      .refine(({ none, full }) => none < full, { message: 'none must be below full' })
      .optional(),
  }),
  /** A further network of a detector that has several: it judges squares of its input's size. */
  z.strictObject({ ...network, kind: z.literal('stage') }),
  /** Says of two vectors of an embedder how probably they are of one person. */
  z.strictObject({
    ...file,
    kind: z.literal('comparer'),
    /** Names of both inputs, batch × dimension each. */
    inputs: z.tuple([z.string().min(1), z.string().min(1)]),
    outputs: outputsSchema,
    /** Values of the vectors that it was learned of. */
    dimension: z.int().min(1),
  }),
  z.strictObject({ ...file, kind: z.literal('samples') }),
]);

export type ModelFile = z.output<typeof modelFileSchema>;
export type NetworkFile<Kind extends ModelFile['kind']> = Extract<ModelFile, { kind: Kind }>;
