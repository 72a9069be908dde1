/** Random numbers that are the same on every run and machine (mulberry-like mixing of a 32-bit counter). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

/** A direction with none preferred: sums of uniform numbers, near enough to normal, brought to unit length. */
export function randomUnit(dimension: number, random: () => number): Float32Array<ArrayBuffer> {
  return normalised(Float32Array.from({ length: dimension }, () => random() + random() + random() + random() - 2));
}

/**
 * Endless faces of people: `each` faces of one person, then of the next. Two faces of a person have a cosine of 0.4 to
 * 0.8, as aligned photos of one person have; faces of two people are as far apart as chance has it.
 */
export function* identities(
  dimension: number,
  each: number,
  random: () => number,
): Generator<Float32Array<ArrayBuffer>> {
  for (;;) {
    const person = randomUnit(dimension, random);
    for (let face = 0; face < each; face += 1) {
      // The cosine of two faces is the product of their two shares of what is the person's: 0.63..0.9 squared.
      const share = Math.sqrt(0.4 + 0.4 * random());
      const rest = Math.sqrt(1 - share * share);
      const other = randomUnit(dimension, random);
      yield normalised(person.map((value, at) => share * value + rest * other[at]!));
    }
  }
}

function normalised(vector: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  return vector.map((value) => value / length);
}
