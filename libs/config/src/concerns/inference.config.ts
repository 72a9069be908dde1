import { defineConcern } from '../concern.js';
import { integer, oneOf } from '../kinds.js';
import { optional, variable } from '../variable.js';

export interface InferenceConfig {
  readonly device: 'cpu' | 'cuda' | 'tensorrt' | 'webgpu' | 'coreml' | 'dml';
  /** Absent, like the two below: what suits the device. */
  readonly threads?: number;
  readonly maxBatch?: number;
  readonly maxWaitMs?: number;
}

const BY_DEVICE = 'suits the device';

export const inferenceConcern = defineConcern({
  title: 'Inference',
  variables: {
    INFERENCE_DEVICE: variable({
      kind: oneOf('cpu', 'cuda', 'tensorrt', 'webgpu', 'coreml', 'dml'),
      meaning: 'What runs the models; a device that is missing is refused, never replaced.',
      example: 'cuda',
      fallback: 'cpu',
    }),
    INFERENCE_THREADS: optional({
      kind: integer(1, 256),
      meaning: 'Worker threads that run models.',
      example: '4',
      defaultNote: BY_DEVICE,
    }),
    INFERENCE_MAX_BATCH: optional({
      kind: integer(1, 32),
      meaning: 'Most faces in one run of the embedder.',
      example: '16',
      defaultNote: BY_DEVICE,
    }),
    INFERENCE_MAX_WAIT_MS: optional({
      kind: integer(0, 10_000),
      meaning: 'How long a face waits for others to share its batch, in milliseconds.',
      example: '10',
      defaultNote: BY_DEVICE,
    }),
  },
  build: (values): InferenceConfig => ({
    device: values.INFERENCE_DEVICE,
    ...(values.INFERENCE_THREADS !== undefined && { threads: values.INFERENCE_THREADS }),
    ...(values.INFERENCE_MAX_BATCH !== undefined && { maxBatch: values.INFERENCE_MAX_BATCH }),
    ...(values.INFERENCE_MAX_WAIT_MS !== undefined && { maxWaitMs: values.INFERENCE_MAX_WAIT_MS }),
  }),
});
