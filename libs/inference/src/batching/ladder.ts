/**
 * Sizes a batch may have. Few and fixed, because ONNX Runtime's CUDA arena keeps a block per shape it has seen and
 * grows without end on odd sequences of sizes (microsoft/onnxruntime issues on arena growth with dynamic shapes).
 */
export const BATCH_LADDER = [1, 2, 4, 8, 16, 32] as const;

/** Largest size on the ladder that is at most `count`. @throws RangeError below 1. */
export function ladderFloor(count: number): number {
  const size = BATCH_LADDER.findLast((step) => step <= count);
  if (size === undefined) throw new RangeError(`A batch holds at least one item; found ${count}.`);
  return size;
}

/** Smallest size on the ladder that is at least `count`. @throws RangeError above 32. */
export function ladderCeiling(count: number): number {
  const size = BATCH_LADDER.find((step) => step >= count);
  if (size === undefined) throw new RangeError(`A batch holds at most ${BATCH_LADDER.at(-1)!} items; found ${count}.`);
  return size;
}
