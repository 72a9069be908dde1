import { GraphBuilder } from '@facelane/onnx';
import { type KernelShape, toOihw } from './kernel-layout.js';
import type { Recipe } from './recipe.js';
import { readTfjsWeights, tensorOf, type WeightTensor } from './tfjs-weights.js';

const SIDE = 150;
const DIMENSION = 128;
/** Block names of the weights in the order of computation; `_down` halves the picture and widens the channels. */
const BLOCKS: readonly (readonly [name: string, channels: number])[] = [
  ...['conv32_1', 'conv32_2', 'conv32_3'].map((name) => [name, 32] as const),
  ...['conv64_down', 'conv64_1', 'conv64_2', 'conv64_3'].map((name) => [name, 64] as const),
  ...['conv128_down', 'conv128_1', 'conv128_2'].map((name) => [name, 128] as const),
  ...['conv256_down', 'conv256_1', 'conv256_2', 'conv256_down_out'].map((name) => [name, 256] as const),
];

/** A value of the graph, batch × channels × side × side. */
interface Plane {
  readonly value: string;
  readonly channels: number;
  readonly side: number;
}

/**
 * dlib's face recognition network (King, 2017: a ResNet of 29 convolutions,
 * http://dlib.net/dnn_face_recognition_ex.cpp.html) with the weights that face-api publishes.
 *
 * A convolution is followed by a scale and a shift per channel, which are multiplied into its weights here. What dlib adds
 * up may differ in size: whichever is smaller counts as zero beyond its end, in height and width as in channels. Where a
 * block halves, its shortcut is the mean of 2×2 values.
 */
export const faceApiResnet: Recipe = {
  ingredients: ['manifest', 'weights'],
  build: ({ manifest, weights }) => new Resnet(readTfjsWeights(manifest!, weights!)).build(),
};

class Resnet {
  readonly #graph = new GraphBuilder('face-api-resnet');

  constructor(private readonly weights: ReadonlyMap<string, WeightTensor>) {}

  build(): Uint8Array {
    const graph = this.#graph;
    const input = graph.input('input', ['batch', 3, SIDE, SIDE]);
    let plane = this.#relu(this.#convolve({ value: input, channels: 3, side: SIDE }, 'conv32_down', [7, 7, 3, 32], 2));
    plane = this.#pool(plane, 'MaxPool', 3);
    for (const [name, channels] of BLOCKS) plane = this.#block(plane, name, channels);
    const mean = graph.node('Flatten', [graph.node('GlobalAveragePool', [plane.value])], { axis: 1 });
    const shape = [plane.channels, DIMENSION];
    const last = graph.floats(tensorOf(this.weights, 'fc', shape), shape);
    graph.output(graph.node('MatMul', [mean, last]), 'embedding', ['batch', DIMENSION]);
    return graph.encode();
  }

  #block(input: Plane, name: string, channels: number): Plane {
    const stride = name.includes('down') ? 2 : 1;
    const first = this.#relu(this.#convolve(input, `${name}/conv1`, [3, 3, input.channels, channels], stride));
    const second = this.#convolve(first, `${name}/conv2`, [3, 3, channels, channels], 1);
    return this.#relu(this.#sum(second, stride === 1 ? input : this.#pool(input, 'AveragePool', 2)));
  }

  /** At stride 1 the picture keeps its size; at stride 2 only places where the whole kernel fits count. */
  #convolve(input: Plane, name: string, shape: KernelShape, stride: 1 | 2): Plane {
    const [height, width, , channels] = shape;
    const scale = tensorOf(this.weights, `${name}/scale/weights`, [channels]);
    const shift = tensorOf(this.weights, `${name}/scale/biases`, [channels]);
    const bias = tensorOf(this.weights, `${name}/conv/bias`, [channels]);
    const kernel = toOihw(tensorOf(this.weights, `${name}/conv/filters`, shape), shape);
    const perChannel = kernel.length / channels;
    const scaled = kernel.map((value, at) => value * scale[Math.floor(at / perChannel)]!);
    const shifted = bias.map((value, channel) => value * scale[channel]! + shift[channel]!);
    const pad = stride === 1 ? 1 : 0;
    const value = this.#graph.node(
      'Conv',
      [
        input.value,
        this.#graph.floats(scaled, [channels, shape[2], height, width]),
        this.#graph.floats(shifted, [channels]),
      ],
      { kernel_shape: [height, width], strides: [stride, stride], pads: [pad, pad, pad, pad] },
    );
    return { value, channels, side: sideAfter(input.side + 2 * pad, height, stride) };
  }

  #relu({ value, ...plane }: Plane): Plane {
    return { ...plane, value: this.#graph.node('Relu', [value]) };
  }

  #pool({ value, channels, side }: Plane, operator: 'MaxPool' | 'AveragePool', size: number): Plane {
    const pooled = this.#graph.node(operator, [value], { kernel_shape: [size, size], strides: [2, 2] });
    return { value: pooled, channels, side: sideAfter(side, size, 2) };
  }

  #sum(a: Plane, b: Plane): Plane {
    const size = { channels: Math.max(a.channels, b.channels), side: Math.max(a.side, b.side) };
    return { ...size, value: this.#graph.node('Add', [this.#grown(a, size), this.#grown(b, size)]) };
  }

  /** With zeros behind the last channel, right and below. */
  #grown(plane: Plane, to: Omit<Plane, 'value'>): string {
    const more = to.side - plane.side;
    const borders = [0, 0, 0, 0, 0, to.channels - plane.channels, more, more];
    if (borders.every((border) => border === 0)) return plane.value;
    return this.#graph.node('Pad', [plane.value, this.#graph.integers(borders)]);
  }
}

const sideAfter = (side: number, kernel: number, stride: number): number => Math.floor((side - kernel) / stride) + 1;
