/** Longest text of a JPEG comment, bytes: its length has two bytes and counts itself (ISO/IEC 10918-1, B.2.4.5). */
const MAX_COMMENT = 0xffff - 2;

/**
 * The same picture as other bytes: a comment after the start of the image. What is decoded stays the same, and to the
 * product it is another photo.
 */
export function withComment(jpeg: Uint8Array, comment: string): Uint8Array {
  const text = new TextEncoder().encode(comment);
  if (text.length > MAX_COMMENT) throw new RangeError(`A JPEG comment holds ${MAX_COMMENT} bytes, not ${text.length}.`);
  const length = text.length + 2;
  return Buffer.concat([
    jpeg.subarray(0, 2),
    Buffer.of(0xff, 0xfe, length >> 8, length & 0xff),
    text,
    jpeg.subarray(2),
  ]);
}
