import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeImage, resizeExact } from '@facelane/imaging';
import { requireModels, samplePhoto } from '@facelane/testing';
import { type Detection, intersectionOverUnion, type RgbImage } from '@facelane/vision';
import { constantNetwork } from '../onnx/constant-network.fixture.js';
import { Sessions } from '../worker/sessions.js';
import { fitDetector } from './detector.session.js';
import type { DetectorFile } from './detector.component.js';
import { FaceFinder } from './face.finder.js';
import { strideTables, tableWith } from './stride-tables.fixture.js';

const models = await requireModels('ultraface-320');
const sessions = new Sessions();
const original = models.contract.detector;
const strides = (heads: readonly string[]) => heads.flatMap((head) => [8, 16, 32].map((s) => `${head}_${s}`));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'facelane-detectors-'));
});
afterAll(async () => {
  await sessions.release();
  await rm(folder, { recursive: true });
});

/** A manifest entry of these bytes. */
async function entry(
  bytes: Uint8Array,
  facts: Partial<DetectorFile>,
  outputs: readonly string[],
): Promise<DetectorFile> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = join(folder, `${sha256}.onnx`);
  await writeFile(path, bytes);
  return {
    ...original,
    ...facts,
    path,
    sha256,
    bytes: bytes.length,
    outputs: outputs.map((name) => ({ name, shape: [1] })),
  };
}

async function find(detector: DetectorFile, image: RgbImage): Promise<Detection[]> {
  const setup = { contract: { ...models.contract, detector }, device: 'cpu', maxFaces: 100 } as const;
  const { width, height } = fitDetector(detector, image).content;
  const detectorInput = await resizeExact(image, width, height);
  return new FaceFinder(sessions, setup, { floor: 0.6 }).find({ image, detectorInput });
}

const grey: RgbImage = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(99) };
const corrupt = (message: string) => ({
  code: 'INFERENCE.MODEL_CORRUPT',
  message: expect.stringContaining(message) as string,
});

describe('the real files', () => {
  const shared = (name: string): string =>
    fileURLToPath(new URL(`../../../../../shared/data/models/${name}`, import.meta.url));
  const bgr = { ...original.input, order: 'BGR', mean: 0, std: 1, fit: 'inside', width: 640, height: 640 } as const;
  const rgb = { ...bgr, order: 'RGB', mean: 127.5, std: 128, name: 'images' } as const;

  it.each([
    ['yunet', 'face_detection_yunet_2023mar.onnx', bgr, strides(['cls', 'obj', 'bbox', 'kps'])],
    ['yunet', 'yunet_n_dynamic.onnx', bgr, strides(['cls', 'obj', 'bbox', 'kps'])],
    ['scrfd', 'scrfd_500m_kps.onnx', rgb, Array.from({ length: 9 }, (_, at) => `out${at}`)],
  ] as const)('%s reads %s: the faces of the default detector, with points', async (decoder, file, input, outputs) => {
    const detector = existsSync(shared(file))
      ? await entry(await readFile(shared(file)), { decoder, input }, outputs)
      : undefined;
    if (detector === undefined) {
      console.warn(`skipped: ${file} is not here`);
      return;
    }
    for (const [photo, faces] of [3, 3, 3, 4, 5, 4].entries()) {
      const { image } = await decodeImage(await samplePhoto(models, photo + 1));
      const found = await find(detector, image);
      expect(found.length).toBe(faces);
      for (const { box } of await find(original, image)) {
        const nearest = found.toSorted(
          (a, b) => intersectionOverUnion(b.box, box) - intersectionOverUnion(a.box, box),
        )[0]!;
        expect(intersectionOverUnion(nearest.box, box)).toBeGreaterThan(0.5);
        const [leftEye, rightEye, nose, leftMouth] = nearest.points!;
        expect(leftEye.x < rightEye.x && leftEye.y < nose.y && nose.y < leftMouth.y).toBe(true);
        // In a profile the nose may lie on the box's edge.
        const margin = nearest.box.width / 10;
        expect(nose.x > nearest.box.x - margin && nose.x < nearest.box.x + nearest.box.width + margin).toBe(true);
      }
    }
  });
});

describe('a file that is no such detector is refused, with what was found and expected', () => {
  it('when its input is another', async () => {
    const bytes = constantNetwork({ input: [1, 1, 64, 64], outputs: { scores: [1, 1, 2], boxes: [1, 1, 4] } });
    const detector = await entry(bytes, { decoder: 'retinaface' }, ['boxes', 'scores', 'points']);
    await expect(find(detector, grey)).rejects.toMatchObject(corrupt('scores, boxes'));
    const three = constantNetwork({
      input: [1, 1, 240, 320],
      outputs: { boxes: [1, 1, 4], scores: [1, 1, 2], points: [1, 1, 10] },
    });
    await expect(
      find(await entry(three, { decoder: 'retinaface' }, ['boxes', 'scores', 'points']), grey),
    ).rejects.toMatchObject(
      corrupt('takes float32 1×1×240×320 as input; its manifest entry gives it float32 1×3×240×320'),
    );
  });

  it('when its outputs are of another number of candidates', async () => {
    const bytes = constantNetwork({
      input: [1, 3, 240, 320],
      outputs: { boxes: [1, 99, 4], scores: [1, 99, 2], points: [1, 99, 10] },
    });
    const detector = await entry(bytes, { decoder: 'retinaface' }, ['boxes', 'scores', 'points']);
    await expect(find(detector, grey)).rejects.toMatchObject(
      corrupt('expected boxes (3160×4), scores (3160×2), points (3160×10); found 3 outputs of 396, 198, 990 values'),
    );
  });

  it('when its priors are not those of UltraFace', async () => {
    const bytes = constantNetwork({ input: [1, 3, 240, 320], outputs: { scores: [1, 4420, 2], boxes: [1, 4420, 4] } });
    const detector = await entry(bytes, {}, ['scores', 'boxes']);
    await expect(find(detector, grey)).rejects.toMatchObject(corrupt('priors of UltraFace at 320×240'));
  });

  it('when it is not a network at all, or cut short', async () => {
    const whole = await readFile(original.path);
    const damaged = [Buffer.from('<html>not found</html>'), whole.subarray(0, whole.length / 2)];
    for (const bytes of damaged) {
      await expect(find(await entry(bytes, {}, ['scores', 'boxes']), grey)).rejects.toMatchObject({
        code: 'INFERENCE.MODEL_CORRUPT',
      });
    }
  });

  it('when an operator is unknown', async () => {
    const bytes = constantNetwork({ input: [1, 3, 240, 320], outputs: { boxes: [1, 1, 4] }, operator: 'Levitate' });
    const detector = await entry(bytes, { decoder: 'retinaface' }, ['boxes']);
    await expect(find(detector, grey)).rejects.toMatchObject(corrupt('Levitate'));
  });
});

describe('a small network of the same interface is read: one face where its tables say', () => {
  /** Finds in a photo of twice the input's size. */
  async function findTheOne(
    decoder: DetectorFile['decoder'],
    { width, height }: { width: number; height: number },
    outputs: Readonly<Record<string, readonly number[]>>,
    values: Readonly<Record<string, Float32Array>>,
  ): Promise<Detection> {
    const bytes = constantNetwork({ input: [1, 3, height, width], outputs, values });
    const input = { ...original.input, width, height };
    const detector = await entry(bytes, { decoder, input }, Object.keys(outputs));
    const image = { width: 2 * width, height: 2 * height, data: new Uint8Array(2 * width * 2 * height * 3) };
    const [face, ...others] = await find(detector, image);
    expect(others).toEqual([]);
    return face!;
  }

  const small = { width: 320, height: 256 } as const;
  /** The cell in row 5, column 7, at stride 16. */
  const cell = 5 * 20 + 7;
  const noseAt = (x: number, y: number): number[] => [0, 0, 0, 0, x, y, 0, 0, 0, 0];

  it('of RetinaFace', async () => {
    const rows = 3160;
    // Stride 8, row 10, column 20, the second prior of 32 pixels.
    const outputs = { boxes: [1, rows, 4], scores: [1, rows, 2], points: [1, rows, 10] };
    const scores = tableWith(outputs.scores, { [(10 * 40 + 20) * 2 + 1]: [0, 0.9] });
    const { box, points } = await findTheOne('retinaface', { width: 320, height: 240 }, outputs, { scores });
    expect(box).toEqual({ x: (20.5 * 8 - 16) * 2, y: (10.5 * 8 - 16) * 2, width: 64, height: 64 });
    expect(points![2]).toEqual({ x: 328, y: 168 });
  });

  it('of YuNet', async () => {
    const outputs = strideTables({ cls: 1, obj: 1, bbox: 4, kps: 10 }, small);
    const values = {
      cls_16: tableWith(outputs['cls_16']!, { [cell]: [0.81] }),
      obj_16: tableWith(outputs['obj_16']!, { [cell]: [1] }),
      bbox_16: tableWith(outputs['bbox_16']!, { [cell]: [0.5, 0.5, Math.LN2, 0] }),
      kps_16: tableWith(outputs['kps_16']!, { [cell]: noseAt(0.5, 1) }),
    };
    const { box, points, score } = await findTheOne('yunet', small, outputs, values);
    expect(score).toBeCloseTo(0.9, 5);
    expect([box.x, box.y, box.width, box.height].map(Math.round)).toEqual([208, 160, 64, 32]);
    expect(points![2]).toEqual({ x: 240, y: 192 });
  });

  it('of SCRFD', async () => {
    const second = 2 * cell + 1;
    const outputs = strideTables({ score: 1, bbox: 4, kps: 10 }, small, 2);
    const values = {
      score_16: tableWith(outputs['score_16']!, { [second]: [0.7] }),
      bbox_16: tableWith(outputs['bbox_16']!, { [second]: [1, 0.5, 1, 1.5] }),
      kps_16: tableWith(outputs['kps_16']!, { [second]: noseAt(0.5, 0.25) }),
    };
    const { box, points, score } = await findTheOne('scrfd', small, outputs, values);
    expect(score).toBeCloseTo(0.7, 5);
    expect(box).toEqual({ x: 192, y: 144, width: 64, height: 64 });
    expect(points![2]).toEqual({ x: 240, y: 168 });
  });
});
