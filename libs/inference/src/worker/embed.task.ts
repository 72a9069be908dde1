import { CROP_BYTES, StageError } from '@facelane/contracts';
import { l2Normalise } from '@facelane/vision';
import { embedderBatch } from '../embedder/embedder.input.js';
import type { WorkerSetup, WorkerTasks } from './messages.js';
import type { Sessions } from './sessions.js';

type Embed = WorkerTasks['embedCrops'];

/** Vectors of a batch of aligned crops, one run of the network. */
export async function embedCrops(
  sessions: Sessions,
  setup: WorkerSetup,
  task: Embed['input'],
): Promise<Embed['output']> {
  const { embedder, settings } = setup.contract;
  const { data, shape } = embedderBatch(embedder.input, task.crops, settings.mirror === true);
  const session = await sessions.get(embedder, { device: setup.device, anyBatch: true });
  session.requireInput(shape);
  const [output] = await session.run(data, shape);
  return { vectors: unitRows(output!, task.crops.length / CROP_BYTES, shape[0]!, embedder.dimension) };
}

/** Rows of `rows` vectors; those beyond `count` are of the mirrored crops, and are added before a vector gets unit length. */
function unitRows(output: Float32Array, count: number, rows: number, dimension: number): Float32Array {
  if (output.length !== rows * dimension) {
    throw new StageError(
      'INFERENCE.MODEL_CORRUPT',
      `The embedder returned ${output.length} values for ${rows} crops; its manifest entry says ${rows * dimension}.`,
    );
  }
  const vectors = new Float32Array(count * dimension);
  for (let at = 0; at < output.length; at++) vectors[at % vectors.length]! += output[at]!;
  for (let row = 0; row < count; row++) {
    const vector = vectors.subarray(row * dimension, (row + 1) * dimension);
    if (!vector.every(Number.isFinite)) {
      throw new StageError('INFERENCE.FAILED', 'The embedder returned a vector with values that are not finite.');
    }
    vectors.set(l2Normalise(vector), row * dimension);
  }
  return vectors;
}
