import type { Size } from './sizes.js';
import { PROPOSAL_SIDE } from './sizes.js';

export interface PyramidOptions {
  /** Shorter side of the smallest face that is looked for, pixels of the photo. */
  readonly minFace: number;
  /** Size of each picture ÷ that of the one before, 0..1. The authors use 0.709: half the area. */
  readonly factor: number;
}

/**
 * Sizes in which the proposal network sees the photo. It knows faces of 12 pixels only, so the first size makes the smallest
 * face that large, and each further one makes larger faces that large, until the photo is no larger itself.
 *
 * @throws RangeError when an option is out of its range.
 */
export function pyramidSizes(photo: Size, { minFace, factor }: PyramidOptions): Size[] {
  if (!(minFace > 0)) throw new RangeError(`The smallest face must have a size above 0; found ${minFace}.`);
  if (!(factor > 0 && factor < 1)) throw new RangeError(`The factor must be between 0 and 1; found ${factor}.`);
  const sizes: Size[] = [];
  const shorter = Math.min(photo.width, photo.height);
  for (let scale = PROPOSAL_SIDE / minFace; shorter * scale >= PROPOSAL_SIDE; scale *= factor) {
    sizes.push({ width: Math.ceil(photo.width * scale), height: Math.ceil(photo.height * scale) });
  }
  return sizes;
}
