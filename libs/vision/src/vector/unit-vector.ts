/**
 * The vector divided by its Euclidean length, as a new array. Sums run in double precision.
 *
 * @throws RangeError when the vector is empty, all zero, or holds a value that is not finite: it has no direction.
 */
export function l2Normalise(vector: Float32Array): Float32Array {
  let sum = 0;
  for (const value of vector) sum += value * value;
  const length = Math.sqrt(sum);
  if (!Number.isFinite(length) || length === 0) {
    throw new RangeError(`A vector of length ${length} over ${vector.length} values cannot be normalised.`);
  }
  return vector.map((value) => value / length);
}

/**
 * Cosine of the angle between two vectors, −1..1; they need not be normalised.
 *
 * @throws RangeError when their dimensions differ, or one is zero or not finite.
 */
export function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new RangeError(`Vectors of ${a.length} and ${b.length} dimensions do not compare.`);
  let dot = 0;
  let squareA = 0;
  let squareB = 0;
  for (let index = 0; index < a.length; index++) {
    const x = a[index]!;
    const y = b[index]!;
    dot += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  const value = dot / Math.sqrt(squareA * squareB);
  if (!Number.isFinite(value)) throw new RangeError('A vector that is zero or not finite has no direction.');
  return Math.min(1, Math.max(-1, value));
}
