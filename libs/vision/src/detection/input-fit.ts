import type { Size } from '../geometry/size.js';

/**
 * How a photo is brought to a detector's input: `squash` to exactly its size, `letterbox` into it with the shape kept
 * and the rest black, `inside` the same but with an input no larger than the photo's shape needs.
 */
export type InputFit = 'squash' | 'letterbox' | 'inside';

export interface FittedInput {
  /** What the photo is resized to. */
  readonly content: Size;
  /** The network's input: the content in its top left corner, the rest black. */
  readonly network: Size;
}

/** @param multipleOf sides of an input of `inside` are multiples of this. */
export function fitInput(fit: InputFit, input: Size, photo: Size, multipleOf: number): FittedInput {
  if (fit === 'squash') return { content: input, network: input };
  const scale = Math.min(input.width / photo.width, input.height / photo.height);
  const content = {
    width: Math.max(1, Math.round(photo.width * scale)),
    height: Math.max(1, Math.round(photo.height * scale)),
  };
  if (fit === 'letterbox') return { content, network: input };
  const padded = (side: number): number => Math.ceil(side / multipleOf) * multipleOf;
  return { content, network: { width: padded(content.width), height: padded(content.height) } };
}
