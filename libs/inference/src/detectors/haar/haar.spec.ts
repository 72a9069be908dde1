import { afterAll, describe, expect, it } from 'vitest';
import type { RgbImage } from '@facelane/vision';
import { ContractFinder, greyPicture } from '../contract.finder.fixture.js';

const finder = await ContractFinder.open('haar');

afterAll(() => finder.close());

const upsideDown = ({ width, height, data }: RgbImage): RgbImage => {
  const turned = new Uint8Array(data.length);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      turned[(width * height - 1 - pixel) * 3 + channel] = data[pixel * 3 + channel]!;
    }
  }
  return { width, height, data: turned };
};

describe('Haar cascades', () => {
  it('find those who look this way in sample photo 3, with the eyes in their places', async () => {
    const faces = await finder.find(await finder.sample(3));
    expect(faces.length).toBe(3);
    expect(faces.map(({ score }) => score)).toEqual(faces.map(({ score }) => score).toSorted((a, b) => b - a));
    for (const { box, score, points } of faces) {
      expect(score >= finder.contract.settings.minScore && score < 1).toBe(true);
      const [left, right, nose, mouthLeft, mouthRight] = points!;
      expect(left.x).toBeLessThan(box.x + box.width / 2);
      expect(right.x).toBeGreaterThan(box.x + box.width / 2);
      expect(Math.max(left.y, right.y)).toBeLessThan(nose.y);
      expect(nose.y).toBeLessThan(Math.min(mouthLeft.y, mouthRight.y));
    }
  });

  it('find nobody in a picture of one colour, nor in one smaller than a face', async () => {
    expect(await finder.find(greyPicture(320, 240))).toEqual([]);
    expect(await finder.find(greyPicture(12, 12))).toEqual([]);
  });

  it('give points in order and within the box also of what is no face: people upside down', async () => {
    for (const { box, points } of await finder.find(upsideDown(await finder.sample(3)))) {
      expect(points![0].x).toBeLessThan(points![1].x);
      for (const { x, y } of points!) {
        expect(x > box.x && x < box.x + box.width && y > box.y && y < box.y + 1.2 * box.height).toBe(true);
      }
    }
  });

  it.each([
    ['no XML', '<html>not found'],
    ['XML of something else', '<?xml version="1.0"?><opencv_storage><thing>1</thing></opencv_storage>'],
  ])('refuse a file that holds %s, and name it', async (_what, text) => {
    const detector = { ...finder.contract.detector, ...(await finder.fileOf(Buffer.from(text))) };
    await expect(finder.find(await finder.sample(3), detector)).rejects.toMatchObject({
      code: 'INFERENCE.MODEL_CORRUPT',
      message: expect.stringContaining('holds no cascade that OpenCV reads') as string,
    });
  });
});
