import { availableParallelism } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CROP_BYTES } from '@facelane/contracts';
import { detectionInput, requireModels, samplePhoto } from '@facelane/testing';
import { cosine } from '@facelane/vision';
import type { DetectionResult } from '../worker/messages.js';
import { InferenceEngine } from './inference.engine.js';
import { syntheticCrops } from './self-test.js';

const models = await requireModels();
const { contract } = models;
/** First values of the vector of the first synthetic crop. */
const GOLDEN = [-0.01835, -0.06121, -0.00696, -0.03741, -0.03056, 0.00498];
let engine: InferenceEngine;

beforeAll(async () => {
  engine = await InferenceEngine.start({ contract, threads: 2 });
});

afterAll(() => engine.close());

const detect = async (photo: number, subject = engine): Promise<DetectionResult> =>
  subject.detect(await detectionInput(models, await samplePhoto(models, photo)));

const rowOf = (vectors: Float32Array, row: number): Float32Array => vectors.subarray(row * 512, (row + 1) * 512);

describe('detection', () => {
  // Counted by eye in the photos.
  it.each([
    [1, 3],
    [2, 3],
    [3, 3],
    [4, 4],
    [5, 5],
    [6, 4],
  ])('finds everyone in sample photo %i: %i faces', async (photo, count) => {
    const { faces, crops, droppedFaces } = await detect(photo);
    expect(faces.length).toBe(count);
    expect(crops.length).toBe(count * CROP_BYTES);
    expect(droppedFaces).toBe(0);
    expect(faces.map(({ score }) => score)).toEqual(faces.map(({ score }) => score).toSorted((a, b) => b - a));
  });

  it('puts the five points inside the box, the eyes above the mouth', async () => {
    for (const { box, fivePoints } of (await detect(3)).faces) {
      for (const { x, y } of fivePoints) {
        expect(x).toBeGreaterThan(box.x);
        expect(x).toBeLessThan(box.x + box.width);
        expect(y).toBeGreaterThan(box.y);
        expect(y).toBeLessThan(box.y + box.height);
      }
      expect(Math.max(fivePoints[0].y, fivePoints[1].y)).toBeLessThan(Math.min(fivePoints[3].y, fivePoints[4].y));
    }
  });

  it('gives an empty result for a photo without faces', async () => {
    const image = { width: 320, height: 240, data: new Uint8Array(320 * 240 * 3).fill(128) };
    const detectorInput = { ...image, data: image.data.slice() };
    await expect(engine.detect({ image, detectorInput })).resolves.toEqual({
      faces: [],
      crops: new Uint8Array(0),
      droppedFaces: 0,
    });
  });

  it('keeps the best faces up to the cap and says how many it left out', async () => {
    const capped = await InferenceEngine.start({ contract, threads: 1, maxFaces: 2 });
    const { faces, droppedFaces } = await detect(5, capped);
    await capped.close();
    const all = (await detect(5)).faces;
    expect(faces.map(({ box }) => box)).toEqual(all.slice(0, 2).map(({ box }) => box));
    expect(droppedFaces).toBe(3);
  });

  it('of a caller who gave up does not disturb the next', async () => {
    const controller = new AbortController();
    const input = await detectionInput(models, await samplePhoto(models, 1));
    const given = engine.detect(input, { signal: controller.signal });
    controller.abort(new Error('timed out'));
    await expect(given).rejects.toThrow('timed out');
    expect((await detect(1)).faces.length).toBe(3);
  });

  it('fails with a code when the photo has the wrong size for the detector', async () => {
    const image = { width: 10, height: 10, data: new Uint8Array(300) };
    await expect(engine.detect({ image, detectorInput: image })).rejects.toMatchObject({
      code: 'INFERENCE.FAILED',
      message: expect.stringContaining('takes 320×320 pixels; found 10×10') as string,
    });
  });
});

describe('embedding', () => {
  it('of a fixed crop stays what it is', async () => {
    const vector = await engine.embed(syntheticCrops(1));
    expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
    for (const [index, expected] of GOLDEN.entries()) expect(Math.abs(vector[index]! - expected)).toBeLessThan(1e-3);
  });

  it('gives the same vectors in a batch as alone, in order', async () => {
    const crops = syntheticCrops(9);
    const together = await engine.embed(crops);
    for (let row = 0; row < 9; row++) {
      const alone = await engine.embed(crops.slice(row * CROP_BYTES, (row + 1) * CROP_BYTES));
      expect(cosine(alone, rowOf(together, row))).toBeGreaterThan(1 - 1e-5);
    }
  });

  it('shares batches between callers without mixing them up', async () => {
    const crops = syntheticCrops(6);
    const parts = [
      crops.subarray(0, CROP_BYTES),
      crops.subarray(CROP_BYTES, 3 * CROP_BYTES),
      crops.subarray(3 * CROP_BYTES),
    ];
    const vectors = await Promise.all(parts.map((part) => engine.embed(part)));
    const expected = await engine.embed(crops);
    const found = Float32Array.from(vectors.flatMap((part) => [...part]));
    for (let row = 0; row < 6; row++) expect(cosine(rowOf(found, row), rowOf(expected, row))).toBeGreaterThan(1 - 1e-5);
  });

  it('tells how strongly the network answers: to faces, and less to the same faces turned over', async () => {
    const { crops, faces } = await detect(1);
    const turned = Uint8Array.from(crops, (_, at) => {
      const face = Math.floor(at / CROP_BYTES) * CROP_BYTES;
      const [pixel, channel] = [Math.floor((at - face) / 3), at % 3];
      return crops[face + (CROP_BYTES / 3 - 1 - pixel) * 3 + channel]!;
    });
    const { vectors, strengths } = await engine.embedFaces(crops);
    expect(vectors).toHaveLength(faces.length * 512);
    expect(Math.min(...strengths!)).toBeGreaterThan(0.8);
    const over = (await engine.embedFaces(turned)).strengths!;
    for (const [row, strength] of over.entries()) {
      expect(strength).toBeLessThan(0.6);
      expect(strength).toBeGreaterThanOrEqual(0);
      expect(strengths![row]! - strength).toBeGreaterThan(0.3);
    }
    expect((await engine.embedFaces(new Uint8Array(0))).strengths).toEqual([]);
  });

  it('recognises a person in two photos above the threshold, and tells others apart', async () => {
    const [first, third] = await Promise.all([detect(1), detect(3)]);
    const [red, middle] = await Promise.all([engine.embed(first.crops), engine.embed(third.crops)]);
    // By eye: the rightmost woman of photo 1 is the one in the middle of photo 3.
    const rightmost = first.faces.findIndex(({ box }) => box.x > 1400);
    const centre = third.faces.findIndex(({ box }) => box.x > 1000 && box.x < 1200);
    const threshold = engine.contract.thresholds['1e-4']!;
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 3; b++) {
        const similarity = cosine(rowOf(red, a), rowOf(middle, b));
        if (a === rightmost && b === centre) expect(similarity).toBeGreaterThan(0.6);
        else expect(similarity).toBeLessThan(threshold);
      }
    }
  });

  it('takes the black crops that pad a batch', async () => {
    const crops = new Uint8Array(2 * CROP_BYTES);
    crops.set(syntheticCrops(1));
    const padded = await engine.embed(crops);
    expect(cosine(rowOf(padded, 0), await engine.embed(syntheticCrops(1)))).toBeGreaterThan(1 - 1e-5);
  });

  it('of nothing is nothing, and of half a crop an error', async () => {
    await expect(engine.embed(new Uint8Array(0))).resolves.toEqual(new Float32Array(0));
    await expect(engine.embed(new Uint8Array(100))).rejects.toThrow(RangeError);
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    const embedding = engine.embed(syntheticCrops(16), { signal: controller.signal });
    controller.abort(new Error('handed back'));
    await expect(embedding).rejects.toThrow('handed back');
  });
});

describe('the engine', () => {
  it('prepares as many photos at a time as there are cores', async () => {
    let [running, most] = [0, 0];
    const prepare = async (): Promise<void> => {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    const cores = availableParallelism();
    await Promise.all(Array.from({ length: 3 * cores }, () => engine.prepare({}, prepare)));
    expect(most).toBe(cores);
  });

  it('leaves the calling thread free while it infers', async () => {
    let turns = 0;
    let working = true;
    const count = (): void => {
      turns++;
      if (working) setImmediate(count);
    };
    setImmediate(count);
    await engine.embed(syntheticCrops(16));
    working = false;
    // Inference on this thread would let at most a few turns through, one between two runs.
    expect(turns).toBeGreaterThan(100);
  });

  it('names the contract it runs', () => {
    expect(engine.contract).toMatchObject({
      id: contract.id,
      dimension: 512,
      maxImageSide: 2048,
    });
    expect(engine.contract.detectorInput({ width: 600, height: 2000 })).toEqual({ width: 96, height: 320 });
    expect(engine.stats()).toMatchObject({ device: 'cpu', threads: 2 });
  });

  it('passes its self-test at any time', async () => {
    await expect(engine.selfTest()).resolves.toBeUndefined();
  });

  it('refuses to start on a device that is not here', async () => {
    const device = process.platform === 'darwin' ? 'dml' : 'coreml';
    await expect(InferenceEngine.start({ contract, device })).rejects.toMatchObject({
      code: 'INFERENCE.DEVICE_MISSING',
      message: expect.stringContaining('cpu') as string,
    });
  });

  it('finds boxes alone, weak ones too, as many as are asked for', async () => {
    const { faces } = await detect(5);
    const input = async () => detectionInput(models, await samplePhoto(models, 5));
    const { boxes, milliseconds } = await engine.findBoxes(await input(), { floor: 0.02 });
    expect(boxes.slice(0, 5).map(({ box }) => box)).toEqual(faces.map(({ box }) => box));
    expect(boxes.length).toBeGreaterThan(5);
    expect(milliseconds).toBeGreaterThan(0);
    expect((await engine.findBoxes(await input(), { floor: 0.02, most: 6 })).boxes).toEqual(boxes.slice(0, 6));
  });

  it('refuses to start with a detector file of another kind, named', async () => {
    const detector = { ...contract.detector, decoder: 'yunet' as const };
    await expect(InferenceEngine.start({ contract: { ...contract, detector }, threads: 1 })).rejects.toMatchObject({
      code: 'INFERENCE.MODEL_CORRUPT',
      message: expect.stringContaining('not those of a yunet detector') as string,
    });
  });

  it('refuses to start with a damaged model, named', async () => {
    const damaged = { ...contract, embedder: { ...contract.embedder, sha256: '0'.repeat(64) } };
    await expect(InferenceEngine.start({ contract: damaged, threads: 1 })).rejects.toMatchObject({
      code: 'INFERENCE.MODEL_CORRUPT',
      message: expect.stringContaining('mobilefacenet-512') as string,
    });
  });

  it('takes no more work once it is closed', async () => {
    const closing = await InferenceEngine.start({ contract, threads: 1 });
    await Promise.all([closing.close(), closing.close()]);
    await expect(closing.embed(syntheticCrops(1))).rejects.toThrow('shutting down');
  });
});
