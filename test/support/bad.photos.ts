import { Buffer } from 'node:buffer';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** A small file that claims to be a huge black picture: the first rows are there, enough for any header check. */
export function hugePng(side: number): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc((side + 1) * 8));
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

export const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>';
export const PDF = '%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n';

/** Three frames: the photo, then grey. */
export async function animatedGif(photo: Uint8Array): Promise<Uint8Array> {
  const first = await sharp(photo).resize(400, 300, { fit: 'cover', position: 'top' }).png().toBuffer();
  const grey = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#888' } })
    .png()
    .toBuffer();
  return sharp([first, grey, grey], { join: { animated: true } })
    .gif()
    .toBuffer();
}

export const cmykJpeg = (photo: Uint8Array): Promise<Uint8Array> =>
  sharp(photo).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();

export const png16 = (photo: Uint8Array): Promise<Uint8Array> =>
  sharp(photo).resize(640).toColourspace('rgb16').png().toBuffer();

export const onePixel = (): Promise<Uint8Array> =>
  sharp({ create: { width: 1, height: 1, channels: 3, background: '#c08060' } })
    .jpeg()
    .toBuffer();

/** A soft colour ramp: a picture that decodes, with nobody in it. */
export const nobody = (): Promise<Uint8Array> =>
  sharp({ create: { width: 640, height: 480, channels: 3, background: '#3a6ea5' } })
    .jpeg()
    .toBuffer();

/** The portraits in turn, laid out as a grid. */
export async function crowd(portraits: readonly Uint8Array[], columns: number, rows: number): Promise<Uint8Array> {
  const side = 150;
  const tiles = await Promise.all(portraits.map((portrait) => sharp(portrait).resize(side, side).png().toBuffer()));
  const composite = Array.from({ length: columns * rows }, (_, i) => ({
    input: tiles[i % tiles.length]!,
    left: (i % columns) * side,
    top: Math.floor(i / columns) * side,
  }));
  return sharp({ create: { width: columns * side, height: rows * side, channels: 3, background: '#777' } })
    .composite(composite)
    .jpeg({ quality: 92 })
    .toBuffer();
}
