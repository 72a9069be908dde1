import type { Sharp } from 'sharp';
import { openFile, openPixels, ownCopy } from './codec.js';
import { unreadable } from './decode-failure.js';
import type { PixelBox, PixelSource } from './image.js';
import { DEFAULT_IMAGE_LIMITS, type ImageLimits, type SubjectOptions } from './image-limits.js';
import { inspectImage } from './inspect-image.js';

/** JPEG quality of thumbnails, 1..100. */
const THUMBNAIL_QUALITY = 82;

/** The pixels as a baseline JPEG. `quality` 1..100, default 90; chroma is halved as most cameras do. */
export async function encodeJpeg(image: PixelSource, quality = 90): Promise<Uint8Array> {
  return ownCopy(await openPixels(image).jpeg({ quality }).toBuffer());
}

export interface CropJpegOptions extends SubjectOptions {
  /** For a file. Default DEFAULT_IMAGE_LIMITS. */
  readonly limits?: ImageLimits;
}

/**
 * The part of a photo inside `box` as a square JPEG thumbnail of `size` pixels, taken from the full resolution.
 *
 * The box is cut to the photo and the middle of what is left fills the square, so nothing is distorted or padded.
 *
 * @param source a file's bytes, or decoded pixels.
 * @param box pixels of the photo as displayed (for decoded pixels: of those pixels).
 * @throws StageError as decodeImage for a file; RangeError when the box lies wholly outside.
 */
export async function cropJpeg(
  source: Uint8Array | PixelSource,
  box: PixelBox,
  size: number,
  { limits = DEFAULT_IMAGE_LIMITS, subject = 'image' }: CropJpegOptions = {},
): Promise<Uint8Array> {
  if (!(source instanceof Uint8Array)) return thumbnail(openPixels(source), inside(box, source), size);
  const facts = await inspectImage(source, limits, { subject });
  const region = inside(box, facts);
  try {
    return await thumbnail(openFile(source, { limitInputPixels: limits.maxPixels }), region, size);
  } catch (error) {
    throw unreadable(subject, facts.format, error);
  }
}

async function thumbnail(pipeline: Sharp, region: PixelBox, size: number): Promise<Uint8Array> {
  const jpeg = await pipeline
    .extract({ left: region.x, top: region.y, width: region.width, height: region.height })
    .resize(size, size, { fit: 'cover' })
    .flatten({ background: '#ffffff' })
    .jpeg({ quality: THUMBNAIL_QUALITY })
    .toBuffer();
  return ownCopy(jpeg);
}

/** The whole pixels of the box that lie inside the frame. */
function inside(box: PixelBox, frame: { readonly width: number; readonly height: number }): PixelBox {
  const x = Math.max(0, Math.floor(box.x));
  const y = Math.max(0, Math.floor(box.y));
  const width = Math.min(frame.width, Math.ceil(box.x + box.width)) - x;
  const height = Math.min(frame.height, Math.ceil(box.y + box.height)) - y;
  if (!(width > 0 && height > 0)) {
    throw new RangeError(`The box at ${box.x},${box.y} lies outside the ${frame.width}×${frame.height} image.`);
  }
  return { x, y, width, height };
}
