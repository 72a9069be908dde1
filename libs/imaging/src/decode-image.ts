import { openFile, toPixels } from './codec.js';
import { unreadable } from './decode-failure.js';
import type { PixelImage } from './image.js';
import { DEFAULT_IMAGE_LIMITS, type ImageLimits, type SubjectOptions } from './image-limits.js';
import { type ImageFacts, inspectImage } from './inspect-image.js';

export interface DecodeOptions extends SubjectOptions {
  /** Looked at before and after the decode; the decoder itself, bounded by maxPixels, cannot be stopped midway. */
  readonly signal?: AbortSignal;
}

export interface DecodedImage {
  /** The working image: 8-bit sRGB, at most maxSide pixels long. */
  readonly image: PixelImage;
  /**
   * Long side of the working image ÷ long side of the original, at most 1. The short side is rounded to whole pixels
   * and never below 1, so for extreme shapes its own ratio differs.
   */
  readonly scale: number;
  /** Size as displayed, before scaling. */
  readonly original: { readonly width: number; readonly height: number };
  readonly facts: ImageFacts;
}

/**
 * The photo as it is displayed: first frame, EXIF orientation applied, embedded colour profile or CMYK converted to
 * sRGB, 16 bits reduced to 8, grey spread over three channels.
 *
 * Transparency is laid on white: cut-out portraits are shown on white pages, and dark hair on a black ground would
 * lose its outline. Runs on libuv's threads, never on the calling one.
 *
 * @throws StageError as inspectImage; DETECT.IMAGE_UNREADABLE for damaged or truncated pixel data. The signal's
 *   reason when it is aborted.
 */
export async function decodeImage(
  bytes: Uint8Array,
  limits: ImageLimits = DEFAULT_IMAGE_LIMITS,
  { subject = 'image', signal }: DecodeOptions = {},
): Promise<DecodedImage> {
  const facts = await inspectImage(bytes, limits, { subject });
  signal?.throwIfAborted();
  const image = await decodePixels(bytes, facts, limits, subject);
  signal?.throwIfAborted();
  return {
    image,
    scale: Math.max(image.width, image.height) / Math.max(facts.width, facts.height),
    original: { width: facts.width, height: facts.height },
    facts,
  };
}

async function decodePixels(
  bytes: Uint8Array,
  facts: ImageFacts,
  { maxPixels, maxSide }: ImageLimits,
  subject: string,
): Promise<PixelImage> {
  try {
    return await toPixels(
      openFile(bytes, { limitInputPixels: maxPixels })
        .resize(maxSide, maxSide, { fit: 'inside', withoutEnlargement: true })
        .flatten({ background: '#ffffff' }),
    );
  } catch (error) {
    throw unreadable(subject, facts.format, error);
  }
}
