import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type Annotation, annotatePhoto } from './annotate-photo.js';

const grey = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#808080' } }).jpeg({ quality: 100 });

async function pixels(jpeg: Uint8Array) {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number): [number, number, number] => {
    const start = (y * info.width + x) * 3;
    return [data[start]!, data[start + 1]!, data[start + 2]!];
  };
  const isGreen = (x: number, y: number): boolean => at(x, y)[1] > at(x, y)[0] + 60;
  return { width: info.width, height: info.height, at, isGreen };
}

const face = (x: number, y: number, width: number, height: number, label = ''): Annotation => ({
  box: { x, y, width, height },
  label,
  tone: 'match',
});

describe('annotatePhoto', () => {
  it('draws the box where the face is and leaves its middle alone', async () => {
    const { at, isGreen } = await pixels(
      await annotatePhoto(await grey(900, 600).toBuffer(), [face(300, 200, 200, 150)]),
    );
    expect([isGreen(400, 200), isGreen(300, 275), isGreen(500, 275), isGreen(400, 350)]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(at(400, 275).every((value) => Math.abs(value - 128) <= 2)).toBe(true);
    expect(at(50, 550).every((value) => Math.abs(value - 128) <= 2)).toBe(true);
  });

  it('reads boxes in the photo as displayed', async () => {
    // Orientation 6: stored 600 × 900, displayed 900 wide after a quarter turn.
    const turned = await grey(600, 900).withMetadata({ orientation: 6 }).toBuffer();
    const { width, height, isGreen } = await pixels(await annotatePhoto(turned, [face(700, 300, 150, 200)]));
    expect([width, height]).toEqual([900, 600]);
    expect(isGreen(775, 300)).toBe(true);
  });

  it('scales boxes with a photo that is larger than asked for', async () => {
    const bytes = await grey(1800, 1200).toBuffer();
    const { width, isGreen } = await pixels(await annotatePhoto(bytes, [face(600, 400, 400, 300)], { maxSide: 900 }));
    expect(width).toBe(900);
    expect(isGreen(400, 200)).toBe(true);
  });

  it('survives boxes at and past the edges, hostile and endless names, and pictures smaller than a tag', async () => {
    const names = ['<span size="999999">x</span>', '&amp;&', 'a\u0000b\nc', '長'.repeat(300), '👨‍👩‍👧 محمد', '   '];
    const faces = names.map((name, index) => face(-50 + index * 30, -40, 2000, 900, name));
    const { width, height } = await pixels(await annotatePhoto(await grey(400, 300).toBuffer(), faces));
    expect([width, height]).toEqual([400, 300]);
    await expect(annotatePhoto(await grey(1, 1).toBuffer(), faces)).resolves.toBeInstanceOf(Uint8Array);
  });

  it('gives the plain photo back when there is no face', async () => {
    const { at } = await pixels(await annotatePhoto(await grey(64, 64).toBuffer(), []));
    expect(at(0, 0).every((value) => Math.abs(value - 128) <= 2)).toBe(true);
  });

  it('refuses what is not a photo, naming it', async () => {
    await expect(annotatePhoto(Buffer.from('hello'), [], { subject: 'notes.jpg' })).rejects.toThrow(/^notes\.jpg: /);
  });
});
