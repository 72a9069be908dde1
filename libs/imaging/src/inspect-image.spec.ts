import { crc32, deflateSync } from 'node:zlib';
import { StageError } from '@facelane/contracts';
import { describe, expect, it } from 'vitest';
import { DEFAULT_IMAGE_LIMITS } from './image-limits.js';
import { inspectImage } from './inspect-image.js';
import { pipelineOf, quadrants } from './picture.fixture.js';

/** A 1-bit grey PNG whose header announces the size, with next to no data behind it. */
function pngHeader(width: number, height: number): Buffer {
  const chunk = (type: string, body: Buffer): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    const content = Buffer.concat([Buffer.from(type, 'latin1'), body]);
    const checksum = Buffer.alloc(4);
    checksum.writeUInt32BE(crc32(content));
    return Buffer.concat([length, content, checksum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 1;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(100))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

async function failure(bytes: Uint8Array, limits = DEFAULT_IMAGE_LIMITS): Promise<StageError> {
  const error: unknown = await inspectImage(bytes, limits, { subject: 'holiday.jpg' }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StageError)) throw new Error(`Expected a StageError; found ${String(error)}.`);
  expect(error.message).toMatch(/^holiday\.jpg: .+\.$/);
  expect(error.message).not.toContain('\n');
  expect(error.retry).toBe('never');
  return error;
}

describe('inspectImage', () => {
  it('gives format, displayed size, pages and bytes', async () => {
    const jpeg = await pipelineOf(quadrants(40, 24)).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await inspectImage(jpeg)).toEqual({
      format: 'jpeg',
      width: 24,
      height: 40,
      pages: 1,
      bytes: jpeg.length,
    });
  });

  it('refuses zero bytes', async () => {
    expect((await failure(new Uint8Array())).code).toBe('INGEST.EMPTY');
  });

  it('refuses more bytes than the limit, and takes exactly as many', async () => {
    const png = await pipelineOf(quadrants(8, 8)).png().toBuffer();
    expect((await failure(png, { ...DEFAULT_IMAGE_LIMITS, maxBytes: png.length - 1 })).code).toBe('INGEST.TOO_LARGE');
    await expect(inspectImage(png, { ...DEFAULT_IMAGE_LIMITS, maxBytes: png.length })).resolves.toBeDefined();
  });

  it.each([
    ['text', Buffer.from('this is a shopping list'), /not an image/],
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), /SVG.*never rendered/],
    ['PDF', Buffer.from('%PDF-1.7\n1 0 obj'), /PDF.*never rendered/],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'), /HEIC.*export it as JPEG/],
  ])('refuses %s and says so', async (_, bytes, message) => {
    const error = await failure(bytes);
    expect(error.code).toBe('INGEST.NOT_AN_IMAGE');
    expect(error.message).toMatch(message);
  });

  it('refuses 30000×30000 by its header: there are no pixels here that could be decoded', async () => {
    const error = await failure(pngHeader(30_000, 30_000));
    expect(error.code).toBe('INGEST.TOO_MANY_PIXELS');
    expect(error.message).toContain('30000 × 30000');
  });

  it('takes exactly as many pixels as the limit', async () => {
    const limits = { ...DEFAULT_IMAGE_LIMITS, maxPixels: 1200 };
    await expect(inspectImage(pngHeader(40, 30), limits)).resolves.toMatchObject({ width: 40, height: 30 });
    expect((await failure(pngHeader(41, 30), limits)).code).toBe('INGEST.TOO_MANY_PIXELS');
  });

  it('says that a header is broken when only the first bytes are right', async () => {
    for (const format of ['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const) {
      const bytes = await pipelineOf(quadrants(64, 64)).toFormat(format).toBuffer();
      expect((await failure(bytes.subarray(0, 16))).code, format).toBe('DETECT.IMAGE_UNREADABLE');
    }
  });
});
