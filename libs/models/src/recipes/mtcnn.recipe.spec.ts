import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { at, convolve, dense, maxPool, noise, picture, type Picture, prelu, softmax } from './forward.fixture.js';
import { ingredientsOf } from './ingredients.fixture.js';
import { mtcnnOutput, mtcnnProposal, mtcnnRefinement } from './mtcnn.recipe.js';
import type { Recipe } from './recipe.js';
import { readTfjsWeights } from './tfjs-weights.js';

const files = await ingredientsOf('mtcnn-output');
const weights = readTfjsWeights(files['manifest']!, files['weights']!);
const tensor = (name: string): Float32Array => weights.get(name)!.values;

/** The upright picture that the graph is given and, since the weights know no other, the same one turned. */
const upright = (height: number, width: number): Picture => picture(height, width, 3, noise);
const turned = (input: Picture): Picture =>
  picture(input.width, input.height, input.channels, (y, x, channel) => at(input, x, y, channel));

async function answers(recipe: Recipe, input: Picture): Promise<Record<string, Float32Array>> {
  const { height, width } = input;
  const planes = Float32Array.from({ length: 3 * height * width }, (_, index) =>
    at(input, Math.floor((index % (height * width)) / width), index % width, Math.floor(index / (height * width))),
  );
  const session = await InferenceSession.create(recipe.build(files));
  const outputs = await session.run({ input: new Tensor('float32', planes, [1, 3, height, width]) });
  await session.release();
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
}

const convolved = (input: Picture, name: string, slope: string): Picture => {
  const { shape, values } = weights.get(`${name}/weights`)!;
  return prelu(convolve(input, values, shape[0]!, tensor(`${name}/bias`)), tensor(slope));
};
const product = (input: ArrayLike<number>, name: string): Float64Array =>
  dense(input, tensor(`${name}/weights`), tensor(`${name}/bias`));
const sloped = (values: Float64Array, slope: Float32Array): Float64Array =>
  values.map((value, channel) => (value > 0 ? value : value * slope[channel]!));

function expectClose(found: Float32Array | undefined, expected: ArrayLike<number>): void {
  expect(found?.length).toBe(expected.length);
  for (const [index, value] of Array.from(expected).entries()) expect(found![index]).toBeCloseTo(value, 4);
}

describe('the networks of MTCNN, as graphs', () => {
  // An odd side shows that a last window beyond the picture counts; unequal sides, that none is taken for the other.
  it('the proposal network is what its weights say, computed plainly', async () => {
    const input = upright(17, 22);
    const found = await answers(mtcnnProposal, input);
    let trunk = convolved(turned(input), 'pnet/conv1', 'pnet/prelu1_alpha');
    trunk = maxPool(trunk, 2, true);
    trunk = convolved(trunk, 'pnet/conv2', 'pnet/prelu2_alpha');
    trunk = convolved(trunk, 'pnet/conv3', 'pnet/prelu3_alpha');
    const head = (name: string): Picture =>
      turned(convolve(trunk, tensor(`pnet/${name}/weights`), 1, tensor(`pnet/${name}/bias`)));
    const [scores, regression] = [head('conv4_1'), head('conv4_2')];
    const places = scores.height * scores.width;
    const byPlane = (map: Picture, plane: number): number[] =>
      Array.from({ length: places }, (_, place) => map.data[place * map.channels + plane]!);
    const probability = Array.from({ length: places }, (_, place) =>
      softmax([...scores.data.subarray(place * 2, place * 2 + 2)]),
    );
    expectClose(
      found['probability'],
      [0, 1].flatMap((plane) => probability.map((values) => values[plane]!)),
    );
    expectClose(
      found['regression'],
      [0, 1, 2, 3].flatMap((plane) => byPlane(regression, plane)),
    );
  });

  it('the refinement network is what its weights say, computed plainly', async () => {
    const input = upright(24, 24);
    const found = await answers(mtcnnRefinement, input);
    let trunk = maxPool(convolved(turned(input), 'rnet/conv1', 'rnet/prelu1_alpha'), 3, true);
    trunk = maxPool(convolved(trunk, 'rnet/conv2', 'rnet/prelu2_alpha'), 3);
    trunk = convolved(trunk, 'rnet/conv3', 'rnet/prelu3_alpha');
    const line = sloped(product(trunk.data, 'rnet/fc1'), tensor('rnet/prelu4_alpha'));
    expectClose(found['probability'], softmax([...product(line, 'rnet/fc2_1')]));
    expectClose(found['regression'], product(line, 'rnet/fc2_2'));
  });

  it('the output network is what its weights say, computed plainly', async () => {
    const input = upright(48, 48);
    const found = await answers(mtcnnOutput, input);
    let trunk = maxPool(convolved(turned(input), 'onet/conv1', 'onet/prelu1_alpha'), 3, true);
    trunk = maxPool(convolved(trunk, 'onet/conv2', 'onet/prelu2_alpha'), 3);
    trunk = maxPool(convolved(trunk, 'onet/conv3', 'onet/prelu3_alpha'), 2, true);
    trunk = convolved(trunk, 'onet/conv4', 'onet/prelu4_alpha');
    const line = sloped(product(trunk.data, 'onet/fc1'), tensor('onet/prelu5_alpha'));
    expectClose(found['probability'], softmax([...product(line, 'onet/fc2_1')]));
    expectClose(found['regression'], product(line, 'onet/fc2_2'));
    expectClose(found['landmarks'], product(line, 'onet/fc2_3'));
  });

  it('are not made of other weights', () => {
    const { manifest, weights: bytes } = files;
    expect(() => mtcnnProposal.build({ manifest: manifest!, weights: bytes!.subarray(4) })).toThrow('end inside');
    const empty = Buffer.from(JSON.stringify([{ paths: [], weights: [] }]));
    expect(() => mtcnnProposal.build({ manifest: empty, weights: new Uint8Array(0) })).toThrow(
      'no tensor pnet/conv1/weights',
    );
  });
});
