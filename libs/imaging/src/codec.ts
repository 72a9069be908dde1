import sharp, { type Sharp, type SharpOptions } from 'sharp';
import type { PixelImage, PixelSource } from './image.js';

// Photos are seen once: a cache of decoded operations would only hold memory.
sharp.cache(false);
// One thread per image. Images run side by side on libuv's pool (UV_THREADPOOL_SIZE, 4 by default), which keeps all
// cores busy on many photos without the threads of one getting in the way of another.
sharp.concurrency(1);
// Only loaders of the supported formats, and only from memory: no file can talk libvips into rendering SVG or PDF,
// whatever its bytes claim.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['Jpeg', 'Png', 'Webp', 'Heif', 'Tiff', 'Nsgif'].map((format) => `VipsForeignLoad${format}Buffer`),
});

/**
 * A pipeline over the bytes of a file: first frame, orientation as displayed.
 *
 * failOn 'error' refuses truncated and broken data but not mere warnings: many phones write JPEGs that warn and look
 * perfect (lovell/sharp#1578).
 */
export function openFile(bytes: Uint8Array, options: SharpOptions = {}): Sharp {
  return sharp(bytes, { autoOrient: true, failOn: 'error', ...options });
}

/** A pipeline over pixels. */
export function openPixels({ width, height, data }: PixelSource): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

/** Runs the pipeline to 8-bit sRGB pixels without alpha. */
export async function toPixels(pipeline: Sharp): Promise<PixelImage> {
  const { data, info } = await pipeline
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`Expected 3 channels of 8 bits; the decoder gave ${info.channels}.`);
  return { width: info.width, height: info.height, data: ownCopy(data) };
}

/**
 * The bytes in an ArrayBuffer of their own. A copy, because sharp 0.35's toUint8Array, which promises just that, does
 * not tell the garbage collector how much it holds: 1 500 pictures of 0.9 MB, none of them kept, left the process at
 * 1.5 GB; with toBuffer and this copy it stays at 0.2 GB.
 */
export const ownCopy = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
