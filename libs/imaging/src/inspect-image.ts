import { StageError } from '@facelane/contracts';
import { openFile } from './codec.js';
import { unreadable } from './decode-failure.js';
import { type RefusedFormat, type SupportedFormat, isSupportedFormat, sniffFormat } from './image-format.js';
import { DEFAULT_IMAGE_LIMITS, type ImageLimits, type SubjectOptions } from './image-limits.js';

export interface ImageFacts {
  readonly format: SupportedFormat;
  /** As displayed, after EXIF orientation; of the first frame. */
  readonly width: number;
  readonly height: number;
  /** Frames or pages; 1 for a still photo. */
  readonly pages: number;
  /** Size of the file. */
  readonly bytes: number;
}

const REFUSALS: Readonly<Record<RefusedFormat, string>> = {
  heic: 'HEIC photos cannot be decoded yet; export it as JPEG',
  jxl: 'JPEG XL is not supported; export it as JPEG',
  bmp: 'BMP is not supported; export it as PNG or JPEG',
  svg: 'SVG is a drawing, not a photo, and is never rendered',
  pdf: 'PDF is a document, not a photo, and is never rendered',
};

/**
 * What the header says of a photo, within the limits. No pixel is decoded, so a huge image costs nothing.
 *
 * @throws StageError INGEST.EMPTY, INGEST.TOO_LARGE, INGEST.NOT_AN_IMAGE (another format, named where it is known),
 *   INGEST.TOO_MANY_PIXELS, or DETECT.IMAGE_UNREADABLE (a supported format whose header is broken).
 */
export async function inspectImage(
  bytes: Uint8Array,
  limits: ImageLimits = DEFAULT_IMAGE_LIMITS,
  { subject = 'image' }: SubjectOptions = {},
): Promise<ImageFacts> {
  requireBytes(bytes, limits, subject);
  const format = requireFormat(bytes, subject);
  const facts = await readHeader(bytes, format, subject);
  const pixels = facts.width * facts.height;
  if (pixels > limits.maxPixels) {
    throw new StageError(
      'INGEST.TOO_MANY_PIXELS',
      `${subject}: ${facts.width} × ${facts.height} pixels are more than the limit of ${limits.maxPixels}.`,
      { safeDetails: { width: facts.width, height: facts.height, limit: limits.maxPixels } },
    );
  }
  return facts;
}

function requireBytes(bytes: Uint8Array, limits: ImageLimits, subject: string): void {
  if (bytes.length === 0) throw new StageError('INGEST.EMPTY', `${subject}: the file is empty.`);
  if (bytes.length > limits.maxBytes) {
    throw new StageError(
      'INGEST.TOO_LARGE',
      `${subject}: ${bytes.length} bytes are more than the limit of ${limits.maxBytes}.`,
      { safeDetails: { bytes: bytes.length, limit: limits.maxBytes } },
    );
  }
}

function requireFormat(bytes: Uint8Array, subject: string): SupportedFormat {
  const format = sniffFormat(bytes);
  if (format === undefined) {
    throw new StageError('INGEST.NOT_AN_IMAGE', `${subject}: the content is not an image, whatever its name says.`);
  }
  if (isSupportedFormat(format)) return format;
  throw new StageError('INGEST.NOT_AN_IMAGE', `${subject}: ${REFUSALS[format]}.`, { safeDetails: { format } });
}

async function readHeader(bytes: Uint8Array, format: SupportedFormat, subject: string): Promise<ImageFacts> {
  try {
    // The limit is checked here rather than by the decoder, so that the refusal can say how large the image is.
    const { autoOrient, pages = 1 } = await openFile(bytes, { limitInputPixels: false }).metadata();
    return { format, width: autoOrient.width, height: autoOrient.height, pages, bytes: bytes.length };
  } catch (error) {
    throw unreadable(subject, format, error);
  }
}
