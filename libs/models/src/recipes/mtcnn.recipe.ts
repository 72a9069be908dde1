import { type Dimension, GraphBuilder } from '@facelane/onnx';
import { type KernelShape, toOihw, transposed } from './kernel-layout.js';
import type { Recipe } from './recipe.js';
import { readTfjsWeights, tensorOf, type WeightTensor } from './tfjs-weights.js';

type Weights = ReadonlyMap<string, WeightTensor>;

interface Output {
  readonly name: string;
  readonly values: number;
  readonly softmax?: true;
}

const PROBABILITY: Output = { name: 'probability', values: 2, softmax: true };
const REGRESSION: Output = { name: 'regression', values: 4 };
const LANDMARKS: Output = { name: 'landmarks', values: 10 };

/**
 * The three networks of MTCNN (Zhang et al., "Joint Face Detection and Alignment using Multitask Cascaded Convolutional
 * Networks", 2016), of the weights that face-api publishes. Input: RGB, (value − 127.5) / 128.
 *
 * The weights were trained on pictures with rows and columns exchanged. Here the kernels are turned back, and where values
 * are read off in a line they are read by columns, so the networks take upright pictures.
 */
export const mtcnnProposal: Recipe = recipe((weights) => {
  const net = new Mtcnn(weights, 'pnet', ['batch', 3, 'height', 'width']);
  net.convolve('conv1', [3, 3, 3, 10], 'prelu1');
  net.pool(2, 'to the end');
  net.convolve('conv2', [3, 3, 10, 16], 'prelu2');
  net.convolve('conv3', [3, 3, 16, 32], 'prelu3');
  net.convolvedHead('conv4_1', 32, PROBABILITY);
  net.convolvedHead('conv4_2', 32, REGRESSION);
  return net.encode();
});

export const mtcnnRefinement: Recipe = recipe((weights) => {
  const net = new Mtcnn(weights, 'rnet', ['batch', 3, 24, 24]);
  net.convolve('conv1', [3, 3, 3, 28], 'prelu1');
  net.pool(3, 'to the end');
  net.convolve('conv2', [3, 3, 28, 48], 'prelu2');
  net.pool(3, 'where it fits');
  net.convolve('conv3', [2, 2, 48, 64], 'prelu3');
  net.dense('fc1', 576, 128, 'prelu4');
  net.denseHead('fc2_1', 128, PROBABILITY);
  net.denseHead('fc2_2', 128, REGRESSION);
  return net.encode();
});

export const mtcnnOutput: Recipe = recipe((weights) => {
  const net = new Mtcnn(weights, 'onet', ['batch', 3, 48, 48]);
  net.convolve('conv1', [3, 3, 3, 32], 'prelu1');
  net.pool(3, 'to the end');
  net.convolve('conv2', [3, 3, 32, 64], 'prelu2');
  net.pool(3, 'where it fits');
  net.convolve('conv3', [3, 3, 64, 64], 'prelu3');
  net.pool(2, 'to the end');
  net.convolve('conv4', [2, 2, 64, 128], 'prelu4');
  net.dense('fc1', 1152, 256, 'prelu5');
  net.denseHead('fc2_1', 256, PROBABILITY);
  net.denseHead('fc2_2', 256, REGRESSION);
  net.denseHead('fc2_3', 256, LANDMARKS);
  return net.encode();
});

function recipe(build: (weights: Weights) => Uint8Array): Recipe {
  return {
    ingredients: ['manifest', 'weights'],
    build: ({ manifest, weights }) => build(readTfjsWeights(manifest!, weights!)),
  };
}

/** Appends layers to the trunk; heads read where the trunk ends. */
class Mtcnn {
  readonly #graph: GraphBuilder;
  #trunk: string;

  constructor(
    private readonly weights: Weights,
    private readonly net: string,
    input: readonly Dimension[],
  ) {
    this.#graph = new GraphBuilder(`mtcnn-${net}`);
    this.#trunk = this.#graph.input('input', input);
  }

  /** Only where the whole kernel fits; then the values below zero are multiplied by a slope per channel. */
  convolve(layer: string, shape: KernelShape, slope: string): void {
    this.#trunk = this.#slope(this.#convolution(layer, shape), slope, [shape[3], 1, 1]);
  }

  /** At every second place; `to the end` counts a last one that reaches beyond the picture. */
  pool(size: number, ending: 'to the end' | 'where it fits'): void {
    const attributes = { kernel_shape: [size, size], strides: [2, 2], ceil_mode: ending === 'to the end' ? 1 : 0 };
    this.#trunk = this.#graph.node('MaxPool', [this.#trunk], attributes);
  }

  /** Reads the picture off in a line first: column by column, all channels of a place together. */
  dense(layer: string, from: number, to: number, slope: string): void {
    const columns = this.#graph.node('Transpose', [this.#trunk], { perm: [0, 3, 2, 1] });
    this.#trunk = this.#graph.node('Flatten', [columns], { axis: 1 });
    this.#trunk = this.#slope(this.#product(layer, from, to), slope, [to]);
  }

  convolvedHead(layer: string, from: number, output: Output): void {
    const value = this.#convolution(layer, [1, 1, from, output.values]);
    this.#output(value, output, ['batch', output.values, `rows of ${output.name}`, `columns of ${output.name}`]);
  }

  denseHead(layer: string, from: number, output: Output): void {
    this.#output(this.#product(layer, from, output.values), output, ['batch', output.values]);
  }

  encode(): Uint8Array {
    return this.#graph.encode();
  }

  #output(value: string, { name, softmax }: Output, shape: readonly Dimension[]): void {
    this.#graph.output(softmax ? this.#graph.node('Softmax', [value], { axis: 1 }) : value, name, shape);
  }

  #convolution(layer: string, shape: KernelShape): string {
    const [height, width, from, to] = shape;
    const kernel = toOihw(transposed(this.#tensor(`${layer}/weights`, shape), shape), [width, height, from, to]);
    const inputs = [this.#graph.floats(kernel, [to, from, width, height]), this.#bias(layer, to)];
    return this.#graph.node('Conv', [this.#trunk, ...inputs], { kernel_shape: [width, height] });
  }

  #product(layer: string, from: number, to: number): string {
    const weights = this.#graph.floats(this.#tensor(`${layer}/weights`, [from, to]), [from, to]);
    return this.#graph.node('Gemm', [this.#trunk, weights, this.#bias(layer, to)]);
  }

  #slope(value: string, layer: string, shape: readonly number[]): string {
    const slopes = this.#tensor(`${layer}_alpha`, [shape[0]!]);
    return this.#graph.node('PRelu', [value, this.#graph.floats(slopes, shape)]);
  }

  #bias(layer: string, values: number): string {
    return this.#graph.floats(this.#tensor(`${layer}/bias`, [values]), [values]);
  }

  #tensor(name: string, shape: readonly number[]): Float32Array {
    return tensorOf(this.weights, `${this.net}/${name}`, shape);
  }
}
