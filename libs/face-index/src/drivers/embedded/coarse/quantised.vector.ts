/** A vector of unit length as whole numbers: `codes * scale + rest`, where the rest's length is `error`. */
export interface QuantisedVector {
  readonly scale: number;
  /** Length of what the codes leave out of the unit vector, 0..1. */
  readonly error: number;
}

/**
 * Writes `vector`, brought to unit length, as whole numbers from -levels to levels into the start of `codes`. Its
 * largest component becomes ±levels, so that the step fits each vector.
 */
export function quantise(vector: Float32Array, codes: Int8Array | Int16Array, levels: number): QuantisedVector {
  const { length } = vector;
  // Plain loops and comparisons: with for…of, Math.max and Math.round it takes 8 us for 512 numbers, so 1.1.
  let squares = 0;
  let largest = 0;
  for (let at = 0; at < length; at += 1) {
    const value = vector[at]!;
    const size = Math.abs(value);
    squares += value * value;
    if (size > largest) largest = size;
  }
  const perStep = levels / largest;
  let missed = 0;
  for (let at = 0; at < length; at += 1) {
    const exact = vector[at]! * perStep;
    const code = Math.floor(exact + 0.5);
    codes[at] = code;
    missed += (exact - code) * (exact - code);
  }
  const scale = 1 / (perStep * Math.sqrt(squares));
  return { scale, error: Math.sqrt(missed) * scale };
}
