import { z } from 'zod';
import { contractIdSchema, sha256Schema } from '@facelane/contracts';
import { ingredientsIssue } from './recipes/ingredients.js';
import { metricIssues, METRICS, vectorDimension } from './metric.js';
import { parseSource } from './sources/source.js';
import { stagesIssue } from './stages.issue.js';

/** Ids become file names in the cache. */
const modelIdSchema = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, 'use lower-case letters, digits, dashes and dots');

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

/** Closer looks for small faces: at larger inputs, when the first look gives a reason to expect some. */
const retrySchema = z.strictObject({
  /** Looks again when no face was found, or one whose longer side is below this in pixels of the first input. */
  below: z.number().min(0),
  looks: z
    .array(
      z.strictObject({
        /** Size of this look's input, pixels. */
        width: z.int().min(32).max(4096),
        height: z.int().min(32).max(4096),
        /** Only faces whose longer side is below this count, in pixels of this look's input. Absent: all. */
        upTo: z.number().gt(0).optional(),
      }),
    )
    .min(1)
    .max(4)
    .readonly(),
});

/** A look at parts of a large photo, each brought to the detector's input like a whole one. */
const tilesSchema = z.strictObject({
  /** Longer side of a part, in pixels of the working image; smaller photos have no parts. */
  side: z.int().min(64),
  /** Least part of a side that neighbours share; at least a face's size, so that none is cut by all. */
  overlap: z.number().min(0).max(0.9),
});

const settingsSchema = z.strictObject({
  /** Detector score from which a box is a face, 0..1. */
  minScore: z.number().gt(0).lt(1),
  /** Tried on the same outputs when nothing reaches minScore. */
  retryScore: z.number().gt(0).lt(1),
  /** Boxes that overlap a better one by more than this intersection over union are dropped. */
  nmsIou: z.number().gt(0).lt(1),
  /** Absent: one look only. */
  retry: retrySchema.optional(),
  /** Absent: the photo as a whole only. */
  tiles: tilesSchema.optional(),
  /**
   * The longer side of a detector box counts as so many shorter ones at most when the first landmark crop is cut: a box that takes
   * in a hat or a neck is of no larger face. Absent: as it is.
   */
  landmarkAspect: z.number().min(1).optional(),
  /** Side of the first landmark crop as a multiple of the detector box. */
  landmarkScale: z.number().gt(0),
  /** Side of the second landmark crop as a multiple of the bounding square of the first landmarks. */
  secondLandmarkScale: z.number().gt(0),
  /** Photos are scaled down to this longer side, in pixels, before crops are cut from them. */
  maxImageSide: z.int().min(64),
  /** Adds the vector of the mirrored crop to each: twice the cost. Absent: no. */
  mirror: z.literal(true).optional(),
  /** With the metric `euclidean-raw`, of the sphere that vectors are lifted onto: longer than any of them. Absent otherwise. */
  radius: z.number().gt(0).optional(),
});

const contractSchema = z.strictObject({
  /** Readable head of the contract id; the digest that follows it is computed. */
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,53}$/),
  detector: modelIdSchema,
  /** Absent: the detector's own five points are used; it must find some. */
  landmarks: modelIdSchema.optional(),
  embedder: modelIdSchema,
  /**
   * Another embedder of the same crops: both unit vectors side by side, so that the cosine of two faces is the mean of both cosines, this one
   * counted `weight` times. It takes the time of both. Absent: one embedder.
   */
  second: z.strictObject({ embedder: modelIdSchema, weight: z.number().gt(0) }).optional(),
  /** Absent: vectors are compared by their cosine alone. It changes no vector, so it is no part of the id. */
  comparer: modelIdSchema.optional(),
  alignment: z.literal('arcface-112-similarity'),
  settings: settingsSchema,
  /**
   * How near two vectors are. `cosine`: by their directions. `euclidean`: the same, told as the distance of vectors of unit length.
   * `euclidean-raw`: by the distance of vectors as the network gives them, length and all. Absent: cosine.
   */
  metric: z.enum(METRICS).optional(),
  /** Value of the metric at the false match rate that names it: a cosine, or a distance. */
  thresholds: z.record(z.string().regex(/^1e-[1-9]$/), z.number()),
});

export const modelManifestSchema = z
  .strictObject({
    version: z.literal(1),
    files: z.array(modelFileSchema),
    contracts: z.record(contractIdSchema, contractSchema),
  })
  .superRefine(({ files, contracts }, context) => {
    const kinds = new Map<string, string>(files.map(({ id, kind }) => [id, kind]));
    for (const [at, file] of files.entries()) {
      const message = ingredientsIssue(file);
      if (message !== undefined) context.addIssue({ code: 'custom', path: ['files', at, 'from'], message });
      const stages = stagesIssue(file, kinds);
      if (stages !== undefined) context.addIssue({ code: 'custom', path: ['files', at, 'stages'], message: stages });
    }
    if (kinds.size !== files.length) context.addIssue({ code: 'custom', message: 'two files have the same id' });
    for (const [name, contract] of Object.entries(contracts)) {
      for (const role of ['detector', 'landmarks', 'embedder', 'comparer'] as const) {
        const id = contract[role];
        if (id === undefined || kinds.get(id) === role) continue;
        context.addIssue({
          code: 'custom',
          path: ['contracts', name, role],
          message: `"${id}" is not a file of kind ${role} in this manifest`,
        });
      }
      const second = files.find(({ id }) => id === contract.second?.embedder);
      if (contract.second !== undefined && second?.kind !== 'embedder') {
        context.addIssue({
          code: 'custom',
          path: ['contracts', name, 'second', 'embedder'],
          message: `"${contract.second.embedder}" is not a file of kind embedder in this manifest`,
        });
      }
      for (const { path, message } of metricIssues(contract)) {
        context.addIssue({ code: 'custom', path: ['contracts', name, ...path], message });
      }
      const [embedder, comparer] = [contract.embedder, contract.comparer].map((id) =>
        files.find((file) => file.id === id),
      );
      if (embedder?.kind === 'embedder' && comparer?.kind === 'comparer') {
        const parts = second?.kind === 'embedder' ? { embedder, second: { embedder: second } } : { embedder };
        const made = vectorDimension({ ...parts, metric: contract.metric });
        if (made !== comparer.dimension) {
          context.addIssue({
            code: 'custom',
            path: ['contracts', name, 'comparer'],
            message: `"${comparer.id}" compares vectors of ${comparer.dimension} values, "${name}" makes ${made}`,
          });
        }
      }
      const detector = files.find(({ id }) => id === contract.detector);
      if (contract.landmarks !== undefined || detector?.kind !== 'detector' || detector.decoder !== 'ultraface')
        continue;
      context.addIssue({
        code: 'custom',
        path: ['contracts', name, 'landmarks'],
        message: `"${contract.detector}" finds no points, so the contract needs landmarks`,
      });
    }
  });

export type ModelFile = z.output<typeof modelFileSchema>;
export type NetworkFile<Kind extends ModelFile['kind']> = Extract<ModelFile, { kind: Kind }>;
export type ModelSettings = z.output<typeof settingsSchema>;
export type ModelContract = z.output<typeof contractSchema>;
/** `directory` is where relative `file:` sources start: the folder of the manifest. */
export type ModelManifest = z.output<typeof modelManifestSchema> & { readonly directory: string };
