import { afterAll, describe, expect, it } from 'vitest';
import { constantNetwork } from '../onnx/constant-network.fixture.js';
import { ContractFinder, greyPicture } from './contract.finder.fixture.js';

const finder = await ContractFinder.open('mtcnn');

afterAll(() => finder.close());

describe('MTCNN with the networks that are built', () => {
  // Counted by eye in the photos. In the second, one looks aside and one down through her hair: it does not see them. In the
  // fourth it takes a pattern of cloth for a fifth.
  it.each([
    [1, 3],
    [2, 1],
    [3, 3],
    [4, 5],
    [5, 5],
    [6, 4],
  ])('finds what look like faces in sample photo %i: %i', async (number, count) => {
    const faces = await finder.find(await finder.sample(number));
    expect(faces.map(({ score }) => score > 0.9)).toEqual(new Array(count).fill(true));
    expect(faces.map(({ score }) => score)).toEqual(faces.map(({ score }) => score).toSorted((a, b) => b - a));
    for (const { box, points } of faces) {
      const [left, right, , mouthLeft, mouthRight] = points!;
      expect(left.x).toBeLessThan(right.x);
      expect(Math.max(left.y, right.y)).toBeLessThan(Math.min(mouthLeft.y, mouthRight.y));
      for (const { x, y } of points!) {
        expect(x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height).toBe(true);
      }
    }
  });

  it('finds no one in a picture of one colour, nor in one that is too small', async () => {
    expect(await finder.find(greyPicture(320, 240))).toEqual([]);
    expect(await finder.find(greyPicture(11, 40))).toEqual([]);
  });

  it('refuses a stage that answers about another number of squares', async () => {
    const network = constantNetwork({
      input: [128, 3, 24, 24],
      outputs: { probability: [3, 2], regression: [3, 4] },
    });
    const [refinement, output] = finder.contract.detector.stages!;
    const damaged = { ...refinement!, ...(await finder.fileOf(network)) };
    await expect(
      finder.find(await finder.sample(3), { ...finder.contract.detector, stages: [damaged, output!] }),
    ).rejects.toMatchObject({
      code: 'INFERENCE.MODEL_CORRUPT',
    });
  });
});
