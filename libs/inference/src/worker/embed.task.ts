import { CROP_BYTES, StageError } from '@facelane/contracts';
import { l2Normalise, liftToSphere } from '@facelane/vision';
import { embedderBatch } from '../embedder/embedder.input.js';
import type { WorkerSetup, WorkerTasks } from './messages.js';
import type { Sessions } from './sessions.js';

type Embed = WorkerTasks['embedCrops'];
type Embedder = WorkerSetup['contract']['embedder'];

/** Vectors of a batch of aligned crops: one run of the contract's network, or of both. */
export async function embedCrops(
  sessions: Sessions,
  setup: WorkerSetup,
  { crops }: Embed['input'],
): Promise<Embed['output']> {
  const { embedder, second, settings } = setup.contract;
  const count = crops.length / CROP_BYTES;
  const { sums, looks } = await run(sessions, setup, embedder, crops);
  const lengths = lengthsOf(sums, count, looks);
  const vectors = comparable(sums, count, looks, settings.radius);
  if (second === undefined) return { vectors, lengths };
  const other = await run(sessions, setup, second.embedder, crops);
  return { vectors: sideBySide(vectors, comparable(other.sums, count, other.looks), count, second.weight), lengths };
}

/** What a network gives for each crop, added up over its `looks`: one, or two where the mirrored crop is looked at too. */
async function run(
  sessions: Sessions,
  { contract: { settings }, device }: WorkerSetup,
  embedder: Embedder,
  crops: Uint8Array,
): Promise<{ readonly sums: Float32Array; readonly looks: number }> {
  const { data, shape } = embedderBatch(embedder.input, crops, settings.mirror === true);
  const session = await sessions.get(embedder, { device, anyBatch: true });
  session.requireInput(shape);
  const [output] = await session.run(data, shape);
  const count = crops.length / CROP_BYTES;
  return { sums: rowSums(output!, count, shape[0]!, embedder.dimension), looks: shape[0]! / count };
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
function comparable(sums: Float32Array, count: number, looks: number, radius?: number): Float32Array {
  const dimension = sums.length / count;
  const made = Array.from({ length: count }, (_, row) => {
    const vector = sums.subarray(row * dimension, (row + 1) * dimension);
    return radius === undefined ? l2Normalise(vector) : lifted(vector, looks, radius);
  });
  const vectors = new Float32Array(count * (made[0]?.length ?? 0));
  for (const [row, vector] of made.entries()) vectors.set(vector, row * vector.length);
  return vectors;
}

/**
 * Unit vectors of both networks as one unit vector a face, whose cosine is the mean of both cosines, the second counted `weight` times:
 * score-level fusion by a weighted sum (Ross & Jain, Pattern Recognition Letters 24, 2003) that an index can search.
 */
function sideBySide(first: Float32Array, second: Float32Array, count: number, weight: number): Float32Array {
  const [a, b] = [first.length / count, second.length / count];
  const [ofFirst, ofSecond] = [Math.sqrt(1 / (1 + weight)), Math.sqrt(weight / (1 + weight))];
  const joined = new Float32Array(first.length + second.length);
  for (let row = 0; row < count; row++) {
    const at = row * (a + b);
    for (let place = 0; place < a; place++) joined[at + place] = first[row * a + place]! * ofFirst;
    for (let place = 0; place < b; place++) joined[at + a + place] = second[row * b + place]! * ofSecond;
  }
  return joined;
}

function lifted(sum: Float32Array, looks: number, radius: number): Float32Array {
  try {
    return liftToSphere(looks === 1 ? sum : sum.map((value) => value / looks), radius);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
    throw new StageError('INFERENCE.FAILED', `The radius of the contract is too small: ${reason}.`, { cause });
  }
}
