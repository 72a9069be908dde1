import { CROP_BYTES, StageError } from '@facelane/contracts';
import { l2Normalise, liftToSphere } from '@facelane/vision';
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
  const count = task.crops.length / CROP_BYTES;
  const sums = rowSums(output!, count, shape[0]!, embedder.dimension);
  const looks = shape[0]! / count;
  return { vectors: comparable(sums, count, looks, settings.radius), lengths: lengthsOf(sums, count, looks) };
}

/** Rows of `rows` vectors; those beyond `count` are of the mirrored crops, and are added. */
function rowSums(output: Float32Array, count: number, rows: number, dimension: number): Float32Array {
  if (output.length !== rows * dimension) {
    throw new StageError(
      'INFERENCE.MODEL_CORRUPT',
      `The embedder returned ${output.length} values for ${rows} crops; its manifest entry says ${rows * dimension}.`,
    );
  }
  const sums = new Float32Array(count * dimension);
  for (let at = 0; at < output.length; at++) sums[at % sums.length]! += output[at]!;
  if (!sums.every(Number.isFinite)) {
    throw new StageError('INFERENCE.FAILED', 'The embedder returned a vector with values that are not finite.');
  }
  return sums;
}

/** Of the mean of each vector's looks. */
function lengthsOf(sums: Float32Array, count: number, looks: number): Float32Array {
  const dimension = sums.length / count;
  return Float32Array.from({ length: count }, (_, row) => {
    let square = 0;
    for (let at = row * dimension; at < (row + 1) * dimension; at++) square += sums[at]! ** 2;
    return Math.sqrt(square) / looks;
  });
}

/** Vectors of unit length: by their direction, or lifted onto a sphere of this radius, where each is the mean of its `looks`. */
function comparable(sums: Float32Array, count: number, looks: number, radius: number | undefined): Float32Array {
  const dimension = sums.length / count;
  const made = Array.from({ length: count }, (_, row) => {
    const vector = sums.subarray(row * dimension, (row + 1) * dimension);
    return radius === undefined ? l2Normalise(vector) : lifted(vector, looks, radius);
  });
  const vectors = new Float32Array(count * (made[0]?.length ?? 0));
  for (const [row, vector] of made.entries()) vectors.set(vector, row * vector.length);
  return vectors;
}

function lifted(sum: Float32Array, looks: number, radius: number): Float32Array {
  try {
    return liftToSphere(looks === 1 ? sum : sum.map((value) => value / looks), radius);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
    throw new StageError('INFERENCE.FAILED', `The radius of the contract is too small: ${reason}.`, { cause });
  }
}
