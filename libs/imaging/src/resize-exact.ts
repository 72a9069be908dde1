import { openPixels, toPixels } from './codec.js';
import type { PixelImage, PixelSource } from './image.js';

/**
 * The image squashed to exactly width × height pixels, its aspect ratio ignored: a detector's input.
 *
 * Filtered when shrinking, so that a photo of many megapixels does not alias. Runs on libuv's threads.
 *
 * @throws Error from the resizer when a side is not a positive integer or the data is too short.
 */
export async function resizeExact(image: PixelSource, width: number, height: number): Promise<PixelImage> {
  return toPixels(openPixels(image).resize(width, height, { fit: 'fill' }));
}
