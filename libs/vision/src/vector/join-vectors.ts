/** Vectors one behind the other, as networks and files take them. @throws RangeError when they differ in length. */
export function joinVectors(vectors: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const dimension = vectors[0]?.length ?? 0;
  const joined = new Float32Array(vectors.length * dimension);
  for (const [row, vector] of vectors.entries()) {
    if (vector.length !== dimension) {
      throw new RangeError(`Vector ${row} has ${vector.length} values, the first has ${dimension}.`);
    }
    joined.set(vector, row * dimension);
  }
  return joined;
}
