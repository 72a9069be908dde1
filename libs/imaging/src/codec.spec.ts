import sharp from 'sharp';
import { expect, it } from 'vitest';
import { openFile } from './codec.js';

it('cannot be made to render a drawing or a document', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
  await expect(openFile(svg).metadata()).rejects.toThrow(/unsupported image format/);
  await expect(openFile(Buffer.from('%PDF-1.7\n')).metadata()).rejects.toThrow(/unsupported image format/);
});

it('keeps no cache', () => {
  expect(sharp.cache()).toMatchObject({ memory: { max: 0 }, items: { max: 0 } });
});
