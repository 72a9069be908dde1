import { describe, expect, it } from 'vitest';
import { decodeImage } from './decode-image.js';
import { cropJpeg, encodeJpeg } from './encode-jpeg.js';
import { QUADRANTS, middles, pipelineOf, quadrants, worstDifference } from './picture.fixture.js';

describe('encodeJpeg', () => {
  it('writes a JPEG that decodes to the picture', async () => {
    const { image, facts } = await decodeImage(await encodeJpeg(quadrants(64, 48), 95));
    expect(facts).toMatchObject({ format: 'jpeg', width: 64, height: 48 });
    expect(worstDifference(middles(image), QUADRANTS)).toBeLessThanOrEqual(8);
  });
});

describe('cropJpeg', () => {
  const box = { x: 50, y: 30, width: 80, height: 60 };

  it('cuts a square thumbnail out of pixels', async () => {
    const { image } = await decodeImage(await cropJpeg(quadrants(200, 120), { ...box, x: 70 }, 48));
    expect([image.width, image.height]).toEqual([48, 48]);
    // The box's middle is where left and right meet, and 60 is where above and below meet.
    expect(worstDifference(middles(image).slice(0, 2), QUADRANTS.slice(0, 2))).toBeLessThanOrEqual(12);
  });

  it('counts the box in the file as displayed', async () => {
    const stored = quadrants(120, 200, (x, y) => [199 - y, x], { width: 200, height: 120 });
    const bytes = await pipelineOf(stored).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer();
    const { image } = await decodeImage(await cropJpeg(bytes, { x: 150, y: 70, width: 40, height: 40 }, 32));
    expect(worstDifference(middles(image), [QUADRANTS[3], QUADRANTS[3], QUADRANTS[3], QUADRANTS[3]])).toBeLessThan(8);
  });

  it('cuts a box that reaches past the edges down to the photo', async () => {
    const { image } = await decodeImage(
      await cropJpeg(quadrants(200, 120), { x: -30, y: -30, width: 80, height: 80 }, 32),
    );
    expect(worstDifference(middles(image).slice(0, 1), [QUADRANTS[0]])).toBeLessThan(8);
  });

  it('refuses a box wholly outside, and names the photo when the file is damaged', async () => {
    await expect(cropJpeg(quadrants(20, 20), { x: 30, y: 0, width: 5, height: 5 }, 8)).rejects.toThrow(RangeError);
    const bytes = await pipelineOf(quadrants(400, 400)).jpeg().toBuffer();
    await expect(
      cropJpeg(bytes.subarray(0, bytes.length - 200), { ...box, y: 330 }, 8, { subject: 'x.jpg' }),
    ).rejects.toMatchObject({
      code: 'DETECT.IMAGE_UNREADABLE',
      message: expect.stringMatching(/^x\.jpg: /) as string,
    });
  });
});
