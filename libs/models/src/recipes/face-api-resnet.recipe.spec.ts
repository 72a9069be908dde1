import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { faceApiResnet } from './face-api-resnet.recipe.js';
import {
  at,
  convolve,
  dense,
  maxPool,
  meanPool,
  noise,
  perChannel,
  picture,
  type Picture,
  relu,
} from './forward.fixture.js';
import { ingredientsOf } from './ingredients.fixture.js';
import { readTfjsWeights } from './tfjs-weights.js';

const files = await ingredientsOf('resnet-128');
const weights = readTfjsWeights(files['manifest']!, files['weights']!);
const tensor = (name: string): Float32Array => weights.get(name)!.values;
const SIDE = 150;

function scaled(input: Picture, name: string, stride: number): Picture {
  const { shape, values } = weights.get(`${name}/conv/filters`)!;
  const border = stride === 1 ? 1 : 0;
  const [scale, shift] = [tensor(`${name}/scale/weights`), tensor(`${name}/scale/biases`)];
  const output = convolve(input, values, shape[0]!, tensor(`${name}/conv/bias`), { stride, border });
  return perChannel(output, (value, channel) => value * scale[channel]! + shift[channel]!);
}

function plainly(input: Picture): Float64Array {
  let value = maxPool(relu(scaled(input, 'conv32_down', 2)), 3);
  const names = new Set(
    [...weights.keys()].filter((name) => name.includes('/conv1/')).map((name) => name.split('/')[0]!),
  );
  for (const name of names) {
    const down = name.includes('down');
    const inner = scaled(relu(scaled(value, `${name}/conv1`, down ? 2 : 1)), `${name}/conv2`, 1);
    const past = down ? meanPool(value, 2) : value;
    const side = Math.max(inner.height, past.height);
    value = picture(side, side, inner.channels, (y, x, c) => Math.max(0, at(inner, y, x, c) + at(past, y, x, c)));
  }
  const places = value.height * value.width;
  const mean = Float64Array.from({ length: value.channels }, (_, channel) => {
    let sum = 0;
    for (let place = 0; place < places; place++) sum += value.data[place * value.channels + channel]!;
    return sum / places;
  });
  return dense(mean, tensor('fc'), new Float32Array(128));
}

describe('the ResNet of face-api, as a graph', () => {
  it('is what its weights say, computed plainly', { timeout: 60_000 }, async () => {
    const input = picture(SIDE, SIDE, 3, (y, x, channel) => noise(y / 9, x / 9, channel) / 2);
    const planes = Float32Array.from({ length: 3 * SIDE * SIDE }, (_, index) =>
      at(input, Math.floor((index % (SIDE * SIDE)) / SIDE), index % SIDE, Math.floor(index / (SIDE * SIDE))),
    );
    const session = await InferenceSession.create(faceApiResnet.build(files));
    const { embedding } = await session.run({ input: new Tensor('float32', planes, [1, 3, SIDE, SIDE]) });
    await session.release();
    const found = embedding!.data as Float32Array;
    const expected = plainly(input);
    expect(Math.hypot(...expected)).toBeGreaterThan(0.5);
    for (const [index, value] of expected.entries()) expect(found[index]).toBeCloseTo(value, 4);
  });

  it('is the same file every time', () => {
    expect(Buffer.compare(faceApiResnet.build(files), faceApiResnet.build(files))).toBe(0);
  });
});
