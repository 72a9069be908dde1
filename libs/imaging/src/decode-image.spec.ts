import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from './decode-image.js';
import { DEFAULT_IMAGE_LIMITS } from './image-limits.js';
import { QUADRANTS, middles, pipelineOf, pixelAt, quadrants, worstDifference } from './picture.fixture.js';

const LOSSLESS_JPEG = { quality: 100, chromaSubsampling: '4:4:4' } as const;

describe('decodeImage: the picture as displayed', () => {
  const [width, height] = [40, 24];
  /** Which displayed pixel a stored pixel shows, for EXIF orientations 1 to 8 (EXIF 2.32, tag 274). */
  const shown: readonly ((x: number, y: number) => readonly [number, number])[] = [
    (x, y) => [x, y],
    (x, y) => [width - 1 - x, y],
    (x, y) => [width - 1 - x, height - 1 - y],
    (x, y) => [x, height - 1 - y],
    (x, y) => [y, x],
    (x, y) => [width - 1 - y, x],
    (x, y) => [width - 1 - y, height - 1 - x],
    (x, y) => [y, height - 1 - x],
  ];

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('applies EXIF orientation %i', async (orientation) => {
    const [w, h] = orientation < 5 ? [width, height] : [height, width];
    const stored = quadrants(w, h, shown[orientation - 1], { width, height });
    const bytes = await pipelineOf(stored).withMetadata({ orientation }).jpeg(LOSSLESS_JPEG).toBuffer();
    const { image, original, scale } = await decodeImage(bytes);
    expect([image.width, image.height]).toEqual([width, height]);
    expect(original).toEqual({ width, height });
    expect(scale).toBe(1);
    expect(worstDifference(middles(image), QUADRANTS)).toBeLessThanOrEqual(3);
  });

  it('scales the long side to maxSide and keeps the orientation', async () => {
    const stored = quadrants(240, 400, (x, y) => [399 - y, x], { width: 400, height: 240 });
    const bytes = await pipelineOf(stored).withMetadata({ orientation: 6 }).jpeg(LOSSLESS_JPEG).toBuffer();
    const { image, original, scale } = await decodeImage(bytes, { ...DEFAULT_IMAGE_LIMITS, maxSide: 100 });
    expect([image.width, image.height]).toEqual([100, 60]);
    expect(original).toEqual({ width: 400, height: 240 });
    expect(scale).toBe(0.25);
    expect(worstDifference(middles(image), QUADRANTS)).toBeLessThanOrEqual(3);
  });

  it('gives a buffer that can be transferred', async () => {
    const { image } = await decodeImage(await pipelineOf(quadrants(9, 7)).png().toBuffer());
    expect(image.data.byteOffset).toBe(0);
    expect(image.data.buffer.byteLength).toBe(9 * 7 * 3);
    const moved = structuredClone(image, { transfer: [image.data.buffer] });
    expect(moved.data).toHaveLength(189);
    expect(image.data).toHaveLength(0);
  });
});

describe('decodeImage: every kind of pixel becomes 8-bit sRGB', () => {
  const picture = pipelineOf(quadrants(32, 32));

  it.each(['jpeg', 'png', 'webp', 'avif', 'tiff'] as const)('%s', async (format) => {
    const { image, facts } = await decodeImage(await picture.clone().toFormat(format, { quality: 100 }).toBuffer());
    expect(facts.format).toBe(format);
    expect(worstDifference(middles(image), QUADRANTS)).toBeLessThanOrEqual(8);
  });

  it('16-bit PNG', async () => {
    const bytes = await picture.clone().toColourspace('rgb16').png().toBuffer();
    expect((await sharp(bytes).metadata()).depth).toBe('ushort');
    expect(worstDifference(middles((await decodeImage(bytes)).image), QUADRANTS)).toBeLessThanOrEqual(1);
  });

  it('16-bit grey PNG', async () => {
    const bytes = await picture.clone().toColourspace('grey16').png().toBuffer();
    const { image } = await decodeImage(bytes);
    expect((await sharp(bytes).metadata()).channels).toBe(1);
    expect(worstDifference([pixelAt(image, 24, 24)], [[150, 150, 150]])).toBeLessThanOrEqual(1);
  });

  it('palette PNG', async () => {
    const bytes = await picture.clone().png({ palette: true }).toBuffer();
    expect((await sharp(bytes).metadata()).isPalette).toBe(true);
    expect(worstDifference(middles((await decodeImage(bytes)).image), QUADRANTS)).toBeLessThanOrEqual(2);
  });

  it('grey JPEG, spread over three channels', async () => {
    const bytes = await picture.clone().toColourspace('b-w').jpeg(LOSSLESS_JPEG).toBuffer();
    expect((await sharp(bytes).metadata()).channels).toBe(1);
    const { image } = await decodeImage(bytes);
    expect(image.data).toHaveLength(32 * 32 * 3);
    expect(worstDifference([pixelAt(image, 24, 24)], [[150, 150, 150]])).toBeLessThanOrEqual(2);
  });

  it('CMYK JPEG, in the colours it prints', async () => {
    // Colours of skin, which ink can show; inverted or unconverted ink would be off by a hundred and more.
    const skin = [200, 150, 130] as const;
    const flat = new Uint8Array(32 * 32 * 3).map((_, at) => skin[at % 3]!);
    const bytes = await pipelineOf({ width: 32, height: 32, data: flat }).toColourspace('cmyk').jpeg().toBuffer();
    expect((await sharp(bytes).metadata()).space).toBe('cmyk');
    expect(worstDifference([pixelAt((await decodeImage(bytes)).image, 16, 16)], [skin])).toBeLessThanOrEqual(6);
  });

  it('Display P3, converted by its profile', async () => {
    const bytes = await picture.clone().withIccProfile('p3').png().toBuffer();
    const stored = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer();
    const { image } = await decodeImage(bytes);
    const [x, y] = [8, 8];
    expect(Math.abs(stored[(y * 32 + x) * 3]! - QUADRANTS[0][0])).toBeGreaterThan(8);
    expect(worstDifference(middles(image), QUADRANTS)).toBeLessThanOrEqual(3);
  });

  it('transparency, on white', async () => {
    const data = new Uint8Array(16 * 16 * 4).map((_, at) => (at % 4 === 3 ? (at < 512 ? 0 : 128) : 0));
    const bytes = await sharp(data, { raw: { width: 16, height: 16, channels: 4 } })
      .png()
      .toBuffer();
    const { image } = await decodeImage(bytes);
    expect(pixelAt(image, 8, 2)).toEqual([255, 255, 255]);
    expect(worstDifference([pixelAt(image, 8, 13)], [[127, 127, 127]])).toBeLessThanOrEqual(1);
  });

  it.each(['gif', 'webp'] as const)('animated %s: the first frame', async (format) => {
    const frames = await Promise.all(
      ['#c83c28', '#0000ff', '#00ff00'].map((background) =>
        sharp({ create: { width: 20, height: 10, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const bytes = await sharp(frames, { join: { animated: true } })
      .toFormat(format)
      .toBuffer();
    const { image, facts } = await decodeImage(bytes);
    expect(facts).toMatchObject({ format, pages: 3, width: 20, height: 10 });
    expect([image.width, image.height]).toEqual([20, 10]);
    expect(worstDifference([pixelAt(image, 10, 5)], [[200, 60, 40]])).toBeLessThanOrEqual(6);
  });
});

describe('decodeImage: extreme sizes', () => {
  it('1×1', async () => {
    const { image, scale } = await decodeImage(await pipelineOf(quadrants(1, 1)).png().toBuffer());
    expect(scale).toBe(1);
    expect([image.width, image.height, image.data.length]).toEqual([1, 1, 3]);
  });

  it.each([
    [1, 20_000],
    [20_000, 1],
  ])('%i×%i keeps at least one pixel on the short side', async (width, height) => {
    const { image, scale } = await decodeImage(await pipelineOf(quadrants(width, height)).png().toBuffer());
    expect([image.width, image.height]).toEqual(width === 1 ? [1, 2048] : [2048, 1]);
    expect(scale).toBeCloseTo(0.1024, 12);
  });
});

describe('decodeImage: failures', () => {
  /** Noise, so that the data is long enough to be cut in its middle. */
  const noise = pipelineOf({
    width: 200,
    height: 150,
    data: new Uint8Array(200 * 150 * 3).map((_, at) => (at * 7919 + ((at * at) >> 3)) % 251),
  });

  it.each(['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const)('a truncated %s is unreadable', async (format) => {
    const bytes = await noise.clone().toFormat(format).toBuffer();
    for (const part of [0.5, 0.9]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * part));
      await expect(decodeImage(cut, DEFAULT_IMAGE_LIMITS, { subject: 'a/b.jpg' }), `${part}`).rejects.toMatchObject({
        code: 'DETECT.IMAGE_UNREADABLE',
        message: expect.stringMatching(/^a\/b\.jpg: the [A-Z]+ data is damaged or cut short \(.+\)\.$/) as string,
      });
    }
  });

  it('an embedded profile that is no profile does not cost the photo', async () => {
    const bytes = await noise.clone().withIccProfile('p3').jpeg().toBuffer();
    const at = bytes.indexOf('ICC_PROFILE');
    bytes.fill(0x55, at + 14, at + 300);
    const { image } = await decodeImage(bytes);
    expect([image.width, image.height]).toEqual([200, 150]);
  });

  it('an aborted signal stops before the decode', async () => {
    const bytes = await noise.clone().png().toBuffer();
    const signal = AbortSignal.abort(new Error('shutting down'));
    await expect(decodeImage(bytes, DEFAULT_IMAGE_LIMITS, { signal })).rejects.toThrow('shutting down');
  });
});

it('lets go of pictures that nobody keeps', async () => {
  const photo = await pipelineOf(quadrants(1000, 1000)).jpeg().toBuffer();
  const before = process.memoryUsage.rss();
  // 600 MB of pixels in all; what the garbage collector does not know of would all still be there.
  for (let i = 0; i < 200; i += 1) await decodeImage(photo);
  expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(300);
});
