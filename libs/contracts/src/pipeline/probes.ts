import { z } from 'zod';
import { photoSchema } from '../documents/photo.schema.js';
import { decodeContainer, encodeContainer } from '../documents/container.js';
import { detectedFaceSchema } from '../documents/face.schema.js';
import { sourceSchema } from '../documents/source.schema.js';
import { keys } from '../ids/keys.js';
import { contractIdSchema, slugSchema, uuidSchema } from '../ids/names.schema.js';
import { definePipeline } from '../stage/define-pipeline.js';
import { defineStage } from '../stage/define-stage.js';
import { laneSchema } from './jobs.schema.js';

/** A question about one photo, to which somebody waits for the answer. It makes no asset. */
export const probeJobSchema = z.strictObject({
  tenant: slugSchema,
  /** Id of the probe; named as in every other job. */
  assetId: uuidSchema,
  contract: contractIdSchema,
  lane: laneSchema,
  source: sourceSchema,
  /** `faces`: boxes, landmarks and quality. `vectors`: those and an embedding for each. */
  want: z.enum(['faces', 'vectors']),
});
export type ProbeJob = z.output<typeof probeJobSchema>;

export const probeOutputSchema = z.strictObject({ assetId: uuidSchema, faces: z.int().min(0) });
export type ProbeOutput = z.output<typeof probeOutputSchema>;

/**
 * Questions have a table of their own: they are answered by one hop, so that whoever waits pays for one queue and not
 * for four, and a failed one is nobody's dead letter.
 */
export const PROBES = definePipeline({
  probe: defineStage({
    name: 'probe',
    version: 1,
    summary:
      'Detects and embeds the faces of one photo for somebody who waits; stores only the answer, until it is read.',
    input: probeJobSchema,
    output: probeOutputSchema,
    retry: { attempts: 3, baseDelayMs: 250, maxDelayMs: 2_000 },
    timeoutMs: 60_000,
    lockMs: 30_000,
    concurrency: 8,
    next: null,
    forgetFailedAfterMs: 10 * 60_000,
  }),
});

/** Where the photo of a probe lies that was handed in with the question. */
export const probePhotoKey = (tenant: string, probeId: string): string => `${keys.scratch(tenant, probeId)}photo`;
/** Where the answer lies until it is read. */
export const probeAnswerKey = (tenant: string, probeId: string): string => `${keys.scratch(tenant, probeId)}answer`;

const probeAnswerHeaderSchema = z.strictObject({
  version: z.literal(1),
  kind: z.literal('probe'),
  contract: contractIdSchema,
  probeId: uuidSchema,
  photo: photoSchema,
  faces: z.array(detectedFaceSchema),
  droppedFaces: z.int().min(0),
  /** Numbers per vector; 0 when only faces were asked for. */
  dimension: z.int().min(0),
});
export type ProbeAnswerHeader = z.output<typeof probeAnswerHeaderSchema>;

/** `vectors`: faces × dimension float32, unit length, in the order of `header.faces`. */
export function encodeProbeAnswer(header: ProbeAnswerHeader, vectors: Float32Array): Uint8Array {
  requireLength(vectors.length, header);
  return encodeContainer(header, new Uint8Array(vectors.buffer, vectors.byteOffset, vectors.byteLength));
}

/** @throws RangeError or ZodError when the object is not what encodeProbeAnswer wrote. */
export function decodeProbeAnswer(bytes: Uint8Array): { header: ProbeAnswerHeader; vectors: readonly Float32Array[] } {
  const { header: raw, payload } = decodeContainer(bytes);
  const header = probeAnswerHeaderSchema.parse(raw);
  requireLength(payload.byteLength / 4, header);
  const all = new Float32Array(payload.buffer, payload.byteOffset, payload.byteLength / 4);
  const { dimension } = header;
  return { header, vectors: header.faces.map((_, row) => all.subarray(row * dimension, (row + 1) * dimension)) };
}

function requireLength(found: number, { faces, dimension }: ProbeAnswerHeader): void {
  const expected = faces.length * dimension;
  if (found !== expected) throw new RangeError(`The answer holds ${found} numbers where ${expected} are expected.`);
}
