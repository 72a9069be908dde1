import { CROP_BYTES, CROP_SIDE, StageError } from '@facelane/contracts';
import { cosine, type RgbImage, type Size } from '@facelane/vision';
import type { DetectionInput } from '../worker/messages.js';

/** Least cosine of a vector made in a batch with the same crop's vector made alone. float32 on a CPU gives 1 − 1e-6. */
const MIN_AGREEMENT = 1 - 1e-4;
/** Different patterns must not give the same vector; neighbours below stay under 0.96 with the default embedder. */
const MAX_RESEMBLANCE = 0.999;

/**
 * Patterns that look like nothing but differ from each other: sums of a few waves, the same on every machine.
 * Returns count × 112 × 112 × 3 bytes.
 */
export function syntheticCrops(count: number): Uint8Array {
  const crops = new Uint8Array(count * CROP_BYTES);
  for (let face = 0, at = 0; face < count; face++) {
    for (let y = 0; y < CROP_SIDE; y++) {
      for (let x = 0; x < CROP_SIDE; x++) {
        for (let channel = 0; channel < 3; channel++, at++) {
          // Whole-number arithmetic only, so that no maths library can make a difference.
          const wave = triangle(x * (face + 2) + channel * 9) + triangle(y * (face + 3) + x * channel);
          crops[at] = (wave + ((x * y * (face + 1)) >> 6)) & 255;
        }
      }
    }
  }
  return crops;
}

/** A grey photo and its detector input, made as the engine's contract asks. */
export function greyInput(size: Size, detectorInput: (image: Size) => Size): DetectionInput {
  const grey = ({ width, height }: Size): RgbImage => ({
    width,
    height,
    data: new Uint8Array(3 * width * height).fill(128),
  });
  return { image: grey(size), detectorInput: grey(detectorInput(size)) };
}

/** 0..126 and back, with period 128. */
const triangle = (value: number): number => Math.abs((value & 127) - 64) * 2 - 2 * Number((value & 127) === 0);

/**
 * Compares vectors made in one batch with those made one at a time.
 *
 * @throws StageError INFERENCE.SELF_TEST_FAILED when they differ, or when different crops give one vector.
 */
export function requireAgreement(
  batched: readonly Float32Array[],
  single: readonly Float32Array[],
  where: string,
): void {
  for (const [row, alone] of single.entries()) {
    const agreement = cosine(alone, batched[row]!);
    if (!(agreement >= MIN_AGREEMENT)) {
      throw new StageError(
        'INFERENCE.SELF_TEST_FAILED',
        `The embedder on ${where} gives crop ${row} of a batch of ${batched.length} another vector than alone ` +
          `(cosine ${agreement.toFixed(6)}).`,
        { safeDetails: { where, batch: batched.length, cosine: agreement } },
      );
    }
    const previous = single[row - 1];
    if (previous !== undefined && cosine(alone, previous) > MAX_RESEMBLANCE) {
      throw new StageError(
        'INFERENCE.SELF_TEST_FAILED',
        `The embedder on ${where} gives the same vector for different crops.`,
        { safeDetails: { where } },
      );
    }
  }
}
