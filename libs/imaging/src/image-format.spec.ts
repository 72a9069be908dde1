import { describe, expect, it } from 'vitest';
import { SUPPORTED_FORMATS, sniffFormat } from './image-format.js';
import { pipelineOf, quadrants } from './picture.fixture.js';

const bytes = (text: string, encoding: BufferEncoding = 'latin1'): Buffer => Buffer.from(text, encoding);

describe('sniffFormat', () => {
  it.each(SUPPORTED_FORMATS)('knows what an encoder writes as %s', async (format) => {
    expect(sniffFormat(await pipelineOf(quadrants(16, 16)).toFormat(format).toBuffer())).toBe(format);
  });

  it.each([
    ['heic', bytes('\0\0\0\x18ftypheic\0\0\0\0mif1heic')],
    ['heic', bytes('\0\0\0\x18ftypmif1\0\0\0\0mif1heic')],
    ['avif', bytes('\0\0\0\x18ftypmif1\0\0\0\0mif1avif')],
    [undefined, bytes('\0\0\0\x18ftypisom\0\0\0\0isommp42')],
    ['svg', bytes('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['svg', bytes('\ufeff<?xml version="1.0"?>\n<!-- a\n drawing -->\n<!DOCTYPE svg>\n<svg>', 'utf8')],
    ['svg', bytes('\ufeff<s:svg xmlns:s="http://www.w3.org/2000/svg">', 'utf16le')],
    [undefined, bytes('<html><body>No svg here</body></html>')],
    ['pdf', bytes('%PDF-1.7\n')],
    ['pdf', bytes(`${' '.repeat(100)}%PDF-1.4`)],
    ['bmp', bytes('BM\x46\0\0\0\0\0\0\0\x36\0\0\0')],
    ['jxl', bytes('\xff\x0a\xfa\x1f')],
    ['tiff', bytes('MM\0*\0\0\0\x08')],
    ['tiff', bytes('II+\0\x08\0\0\0')],
    [undefined, bytes('Dear diary')],
    [undefined, bytes('\xff\xd8')],
    [undefined, bytes('RIFF\0\0\0\0WAVEfmt ')],
    [undefined, new Uint8Array()],
  ])('says %s', (format, content) => {
    expect(sniffFormat(content)).toBe(format);
  });

  it('reads a view into a larger buffer', () => {
    const large = bytes('xxxx\0\0\0\x18ftypheic\0\0\0\0mif1heic');
    expect(sniffFormat(large.subarray(4))).toBe('heic');
  });
});
