import { z } from 'zod';

const tensorSchema = z.looseObject({
  name: z.string().min(1),
  shape: z.array(z.int().min(1)),
  dtype: z.literal('float32'),
  /** Each byte stands for byte × scale + min. */
  quantization: z.looseObject({ dtype: z.literal('uint8'), scale: z.number(), min: z.number() }).optional(),
});

const manifestSchema = z.tuple([z.looseObject({ paths: z.array(z.string()), weights: z.array(tensorSchema) })]);

export interface WeightTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * Weights by name from the two files that TensorFlow.js publishes a network in: a manifest of names and shapes, and the
 * values of all tensors, one after the other without gaps, as little-endian float32 or as single bytes
 * (https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts).
 *
 * @throws RangeError when the two do not fit each other.
 */
export function readTfjsWeights(manifest: Uint8Array, weights: Uint8Array): ReadonlyMap<string, WeightTensor> {
  const [group] = manifestSchema.parse(JSON.parse(Buffer.from(manifest).toString('utf8')));
  const tensors = new Map<string, WeightTensor>();
  let at = 0;
  for (const { name, shape, quantization } of group.weights) {
    const count = shape.reduce((product, side) => product * side, 1);
    const length = count * (quantization === undefined ? Float32Array.BYTES_PER_ELEMENT : 1);
    const bytes = Uint8Array.from(weights.subarray(at, at + length));
    if (bytes.length !== length) throw new RangeError(`The weights end inside ${name}.`);
    const values =
      quantization === undefined
        ? new Float32Array(bytes.buffer)
        : Float32Array.from(bytes, (byte) => byte * quantization.scale + quantization.min);
    tensors.set(name, { shape, values });
    at += length;
  }
  if (at !== weights.length) throw new RangeError(`The manifest describes ${at} bytes of ${weights.length}.`);
  return tensors;
}

/** One tensor by name. @throws RangeError when there is none, or when its shape is another. */
export function tensorOf(
  tensors: ReadonlyMap<string, WeightTensor>,
  name: string,
  shape: readonly number[],
): Float32Array {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new RangeError(`There is no tensor ${name} among the weights.`);
  if (tensor.shape.join() === shape.join()) return tensor.values;
  throw new RangeError(`The tensor ${name} is ${tensor.shape.join('×')}; ${shape.join('×')} was expected.`);
}
