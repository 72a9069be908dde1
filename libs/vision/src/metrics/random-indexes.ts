/**
 * Whole numbers below a limit, from a 32-bit xorshift generator (Marsaglia, Xorshift RNGs, 2003). The same seed gives
 * the same numbers.
 */
export function randomIndexes(seed: number): (limit: number) => number {
  // Zero is the one state it never leaves.
  let state = seed | 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * limit);
  };
}
