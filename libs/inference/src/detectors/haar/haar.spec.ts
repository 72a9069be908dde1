import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage, resizeExact } from '@facelane/imaging';
import { contractFileIds, pullModels, resolveContract } from '@facelane/models';
import { requireModels, samplePhoto } from '@facelane/testing';
import type { Detection, RgbImage } from '@facelane/vision';
import { Sessions } from '../../worker/sessions.js';
import type { DetectorFile } from '../detector.component.js';
import { fitDetector } from '../detector.session.js';
import { FaceFinder } from '../face.finder.js';

const models = await requireModels();
await pullModels(models.manifest, contractFileIds(models.manifest, 'haar'), models);
const contract = await resolveContract(models.manifest, models.cacheDir, 'haar');
const sessions = new Sessions();
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facelane-haar-'));
});
afterAll(async () => {
  await sessions.release();
  await rm(folder, { recursive: true });
});

async function facesOf(photo: RgbImage, detector: DetectorFile = contract.detector): Promise<Detection[]> {
  const setup = { contract: { ...contract, detector }, device: 'cpu', maxFaces: 100 } as const;
  const { width, height } = fitDetector(detector, photo).content;
  const detectorInput = await resizeExact(photo, width, height);
  return new FaceFinder(sessions, setup, { floor: contract.settings.minScore }).find({ image: photo, detectorInput });
}

const sample = async (number: number): Promise<RgbImage> =>
  (await decodeImage(await samplePhoto(models, number))).image;

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
    const faces = await facesOf(await sample(3));
    expect(faces.length).toBe(3);
    expect(faces.map(({ score }) => score)).toEqual(faces.map(({ score }) => score).toSorted((a, b) => b - a));
    for (const { box, score, points } of faces) {
      expect(score >= contract.settings.minScore && score < 1).toBe(true);
      const [left, right, nose, mouthLeft, mouthRight] = points!;
      expect(left.x).toBeLessThan(box.x + box.width / 2);
      expect(right.x).toBeGreaterThan(box.x + box.width / 2);
      expect(Math.max(left.y, right.y)).toBeLessThan(nose.y);
      expect(nose.y).toBeLessThan(Math.min(mouthLeft.y, mouthRight.y));
    }
  });

  it('find nobody in a picture of one colour, nor in one smaller than a face', async () => {
    const grey = (width: number, height: number): RgbImage => ({
      width,
      height,
      data: new Uint8Array(width * height * 3).fill(128),
    });
    expect(await facesOf(grey(320, 240))).toEqual([]);
    expect(await facesOf(grey(12, 12))).toEqual([]);
  });

  it('give points in order and within the box also of what is no face: people upside down', async () => {
    for (const { box, points } of await facesOf(upsideDown(await sample(3)))) {
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
    const bytes = Buffer.from(text);
    const path = join(folder, 'cascade.xml');
    await writeFile(path, bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const detector = { ...contract.detector, path, sha256, bytes: bytes.length };
    await expect(facesOf(await sample(3), detector)).rejects.toMatchObject({
      code: 'INFERENCE.MODEL_CORRUPT',
      message: expect.stringContaining('holds no cascade that OpenCV reads') as string,
    });
  });
});
