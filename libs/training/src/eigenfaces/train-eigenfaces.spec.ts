import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { cropResize, type RgbImage, toPlanarTensor } from '@facelane/vision';
import { EIGENFACES_INPUT, EIGENFACES_SIDE } from './eigenfaces.network.js';
import { greyCrops } from './grey-crops.js';
import { principalComponents } from './principal-components.js';
import { trainEigenfaces } from './train-eigenfaces.js';

const SIDE = 112;
const VALUES = EIGENFACES_SIDE ** 2;

/** Soft patterns that differ in many ways. */
const crop = (number: number): RgbImage => ({
  width: SIDE,
  height: SIDE,
  data: Uint8Array.from({ length: SIDE * SIDE * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % SIDE, Math.floor(at / 3 / SIDE)];
    const wave = Math.sin((x * (1 + (number % 5))) / 20 + number) + Math.cos((y * (1 + (number % 7))) / 25 - number);
    return 128 + 30 * wave + (at % 3) * 5;
  }),
});
const crops = Array.from({ length: 30 }, (_, number) => crop(number));

describe('eigenfaces', () => {
  it('as a network give what their components give, computed plainly, in batches too', async () => {
    const { network, dimension, explained } = await trainEigenfaces(crops, { components: 10 });
    expect([dimension, explained > 0.5 && explained <= 1]).toEqual([10, true]);
    const session = await InferenceSession.create(network);
    const data = new Float32Array(crops.length * 3 * VALUES);
    for (const [row, { width, height, ...rest }] of crops.entries()) {
      const whole = { x: 0, y: 0, width, height };
      const small = cropResize({ width, height, ...rest }, whole, EIGENFACES_SIDE, EIGENFACES_SIDE);
      toPlanarTensor(small, { ...EIGENFACES_INPUT, order: 'rgb' }, data, row * 3 * VALUES);
    }
    const input = new Tensor('float32', data, [crops.length, 3, EIGENFACES_SIDE, EIGENFACES_SIDE]);
    const { embedding } = await session.run({ input });
    await session.release();
    const found = embedding!.data as Float32Array;
    const samples = greyCrops(crops);
    const { mean, components, count } = principalComponents(samples, VALUES, 10);
    for (let row = 0; row < crops.length; row++) {
      for (let at = 0; at < count; at++) {
        let expected = 0;
        for (let value = 0; value < VALUES; value++) {
          expected += (samples[row * VALUES + value]! - mean[value]!) * components[value * count + at]!;
        }
        expect(found[row * count + at]).toBeCloseTo(expected, 3);
      }
    }
  });

  it('are the same file every time', async () => {
    const [first, second] = await Promise.all([1, 2].map(() => trainEigenfaces(crops, { components: 5 })));
    expect(Buffer.compare(first!.network, second!.network)).toBe(0);
  });

  it('stop when they are told to', async () => {
    const training = trainEigenfaces(crops, { components: 5, signal: AbortSignal.abort(new Error('enough')) });
    await expect(training).rejects.toThrow('enough');
  });
});
