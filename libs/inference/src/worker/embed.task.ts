import { StageError } from '@facelane/contracts';
import { CROP_BYTES, CROP_SIDE } from '@facelane/contracts';
import { l2Normalise, toPlanarTensor } from '@facelane/vision';
import type { WorkerSetup, WorkerTasks } from './messages.js';
import { channelOrder } from './channel-order.js';
import type { Sessions } from './sessions.js';

type Embed = WorkerTasks['embedCrops'];

/** Vectors of a batch of aligned crops, one run of the network. */
export async function embedCrops(
  sessions: Sessions,
  setup: WorkerSetup,
  task: Embed['input'],
): Promise<Embed['output']> {
  const { embedder } = setup.contract;
  const { crops } = task;
  const count = crops.length / CROP_BYTES;
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`Crops come as whole ${CROP_SIDE}×${CROP_SIDE} RGB images; found ${crops.length} bytes.`);
  }
  const values = CROP_SIDE * CROP_SIDE * 3;
  const tensor = new Float32Array(count * values);
  const scale = { mean: embedder.input.mean, std: embedder.input.std, order: channelOrder(embedder.input.order) };
  for (let row = 0; row < count; row++) {
    const data = crops.subarray(row * CROP_BYTES, (row + 1) * CROP_BYTES);
    toPlanarTensor({ width: CROP_SIDE, height: CROP_SIDE, data }, scale, tensor, row * values);
  }
  const session = await sessions.get(embedder, { device: setup.device, anyBatch: true });
  const [output] = await session.run(tensor, [count, 3, CROP_SIDE, CROP_SIDE]);
  return { vectors: unitRows(output!, count, embedder.dimension) };
}

function unitRows(output: Float32Array, count: number, dimension: number): Float32Array {
  if (output.length !== count * dimension) {
    throw new StageError(
      'INFERENCE.FAILED',
      `The embedder returned ${output.length} values for ${count} crops; ${count * dimension} were expected.`,
    );
  }
  const vectors = new Float32Array(output.length);
  for (let row = 0; row < count; row++) {
    const vector = output.subarray(row * dimension, (row + 1) * dimension);
    if (!vector.every(Number.isFinite)) {
      throw new StageError('INFERENCE.FAILED', 'The embedder returned a vector with values that are not finite.');
    }
    vectors.set(l2Normalise(vector), row * dimension);
  }
  return vectors;
}
