import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireModels } from '@facelane/testing';
import { afterAll, expect, it } from 'vitest';
import { strideTables, tableWith } from '../detectors/stride-tables.fixture.js';
import { constantNetwork } from '../onnx/constant-network.fixture.js';
import { detectFaces } from './detect.task.js';
import { Sessions } from './sessions.js';

const { contract } = await requireModels();
const sessions = new Sessions();
const folder = await mkdtemp(join(tmpdir(), 'facelane-detect-'));
afterAll(async () => {
  await sessions.release();
  await rm(folder, { recursive: true });
});

const SIZE = { width: 320, height: 256 } as const;
/** Cells in rows 5 and 10 of column 7, at stride 16. */
const [UPPER, LOWER] = [5 * 20 + 7, 10 * 20 + 7];
/** Eyes, nose and mouth of a face from the front, in strides from the cell's corner. */
const FACE = [-0.4, 0, 1.4, 0, 0.5, 0.9, -0.2, 1.8, 1.2, 1.8];
const LINE = [0, 0, 0, 0.4, 0, 0.9, 0, 1.4, 0, 1.8];
const POINT = FACE.map(() => 0.5);

/** A YuNet that finds two faces whatever the photo: the upper one with these points, the lower one with a face's. */
async function finderOf(points: readonly number[]): Promise<typeof contract> {
  const outputs = strideTables({ cls: 1, obj: 1, bbox: 4, kps: 10 }, SIZE);
  const both = (name: string, upper: readonly number[], lower: readonly number[]): Float32Array =>
    tableWith(outputs[name]!, { [UPPER]: upper, [LOWER]: lower });
  const side = [0.5, 0.9, Math.log(4), Math.log(4)];
  const bytes = constantNetwork({
    input: [1, 3, SIZE.height, SIZE.width],
    outputs,
    values: {
      cls_16: both('cls_16', [0.9], [0.8]),
      obj_16: both('obj_16', [0.9], [0.8]),
      bbox_16: both('bbox_16', side, side),
      kps_16: both('kps_16', points, FACE),
    },
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = join(folder, sha256);
  await writeFile(path, bytes);
  const { input, ...detector } = contract.detector;
  // Without landmarks the detector's own points count.
  const { landmarks, ...own } = contract;
  expect(landmarks).toBeDefined();
  return {
    ...own,
    detector: {
      ...detector,
      ...{ decoder: 'yunet', path, sha256, bytes: bytes.length },
      input: { ...input, ...SIZE, fit: 'squash' },
      outputs: Object.keys(outputs).map((name) => ({ name, shape: [1] })),
    },
  };
}

it.each([
  ['on a line', LINE],
  ['in one place', POINT],
])('a face whose points lie %s is left out, and costs the photo no other face', async (_where, points) => {
  const picture = { ...SIZE, data: new Uint8Array(SIZE.width * SIZE.height * 3).fill(90) };
  const setup = { contract: await finderOf(points), device: 'cpu', maxFaces: 100 } as const;
  const found = await detectFaces(sessions, setup, { image: picture, detectorInput: picture });
  expect(found.faces.map(({ box }) => Math.round(box.y))).toEqual([Math.round((10 + 0.9 - 2) * 16)]);
  expect(found.droppedFaces).toBe(1);
  expect(found.crops).toHaveLength(112 * 112 * 3);
});
