/** Formats that are decoded. */
export const SUPPORTED_FORMATS = ['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const;
/** Formats that are recognised only so that the refusal can name them. */
export const REFUSED_FORMATS = ['heic', 'jxl', 'bmp', 'svg', 'pdf'] as const;

export type SupportedFormat = (typeof SUPPORTED_FORMATS)[number];
export type RefusedFormat = (typeof REFUSED_FORMATS)[number];
export type ImageFormat = SupportedFormat | RefusedFormat;

/** How far into a text SVG's root element is looked for, bytes: a prolog with a long comment still fits. */
const TEXT_WINDOW = 4096;

const AVIF_BRANDS: ReadonlySet<string> = new Set(['avif', 'avis']);
const HEIC_BRANDS: ReadonlySet<string> = new Set([
  ...['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'],
  // Still images of the container format without a named codec: HEVC in practice when AVIF is not among the brands.
  ...['mif1', 'msf1'],
]);

/**
 * The format by its first bytes, never by name or content type; undefined when it is none of those known.
 *
 * Signatures: JPEG (ISO/IEC 10918-1), PNG and GIF specifications, RIFF/WebP (RFC 9649), TIFF 6.0 and BigTIFF,
 * ISO base media file brands (ISO/IEC 23008-12, AV1 Image File Format), JPEG XL (ISO/IEC 18181-2), PDF (ISO 32000).
 */
export function sniffFormat(bytes: Uint8Array): ImageFormat | undefined {
  const starts = (signature: string, offset = 0): boolean => latin1(bytes, offset, signature.length) === signature;
  if (starts('\xff\xd8\xff')) return 'jpeg';
  if (starts('\x89PNG\r\n\x1a\n')) return 'png';
  if (starts('GIF87a') || starts('GIF89a')) return 'gif';
  if (starts('RIFF') && starts('WEBP', 8)) return 'webp';
  if (starts('II*\0') || starts('MM\0*') || starts('II+\0') || starts('MM\0+')) return 'tiff';
  if (starts('ftyp', 4)) return sniffBrands(bytes);
  if (starts('\xff\x0a') || starts('\0\0\0\x0cJXL \r\n\x87\n')) return 'jxl';
  if (starts('BM') && starts('\0\0\0\0', 6)) return 'bmp';
  // Readers accept a PDF header within the first 1024 bytes.
  if (latin1(bytes, 0, 1024).includes('%PDF-')) return 'pdf';
  return looksLikeSvg(bytes) ? 'svg' : undefined;
}

export function isSupportedFormat(format: ImageFormat): format is SupportedFormat {
  return (SUPPORTED_FORMATS as readonly ImageFormat[]).includes(format);
}

function sniffBrands(bytes: Uint8Array): ImageFormat | undefined {
  const size = Math.min(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), 256, bytes.length);
  const brands = [latin1(bytes, 8, 4)];
  for (let at = 16; at + 4 <= size; at += 4) brands.push(latin1(bytes, at, 4));
  if (brands.some((brand) => AVIF_BRANDS.has(brand))) return 'avif';
  return brands.some((brand) => HEIC_BRANDS.has(brand)) ? 'heic' : undefined;
}

function looksLikeSvg(bytes: Uint8Array): boolean {
  // Dropping zero bytes reads UTF-16 as well.
  const text = latin1(bytes, 0, TEXT_WINDOW).replaceAll('\0', '');
  return /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*</.test(text) && /<(?:\w+:)?svg[\s>]/i.test(text);
}

function latin1(bytes: Uint8Array, offset: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + length));
}
