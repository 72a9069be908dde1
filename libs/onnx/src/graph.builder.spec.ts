import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from './graph.builder.js';

/** output = relu(input × weights) with a column of zeros behind it. */
function network(): Uint8Array {
  const graph = new GraphBuilder('example');
  const input = graph.input('input', ['batch', 2]);
  const product = graph.node('MatMul', [input, graph.floats(Float32Array.of(1, 0, -1, 2), [2, 2])]);
  const padded = graph.node('Pad', [graph.node('Relu', [product]), graph.integers([0, 0, 0, 1])]);
  graph.output(padded, 'output', ['batch', 3]);
  return graph.encode();
}

describe('a graph that was built', () => {
  it('computes what its nodes say, and says itself what it takes and gives', async () => {
    const session = await InferenceSession.create(network());
    expect(session.inputMetadata).toMatchObject([{ name: 'input', type: 'float32', shape: ['batch', 2] }]);
    expect(session.outputMetadata).toMatchObject([{ name: 'output', type: 'float32', shape: ['batch', 3] }]);
    const { output } = await session.run({ input: new Tensor('float32', [3, 1, 1, 3], [2, 2]) });
    expect([...(output!.data as Float32Array)]).toEqual([2, 2, 0, 0, 6, 0]);
    await session.release();
  });

  it('has attributes of one number and of several', async () => {
    const graph = new GraphBuilder('pool');
    const input = graph.input('input', [1, 1, 2, 3]);
    const pooled = graph.node('MaxPool', [input], { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 });
    graph.output(pooled, 'output', [1, 1, 1, 2]);
    const session = await InferenceSession.create(graph.encode());
    const { output } = await session.run({ input: new Tensor('float32', [1, 2, 3, 4, 5, 6], [1, 1, 2, 3]) });
    expect([...(output!.data as Float32Array)]).toEqual([5, 6]);
    await session.release();
  });

  it('is the same bytes every time', () => {
    expect(Buffer.compare(network(), network())).toBe(0);
  });

  it('refuses weights of another number, and attributes that it cannot write', () => {
    const graph = new GraphBuilder('wrong');
    expect(() => graph.floats(new Float32Array(5), [2, 3])).toThrow('2×3 holds 6 values; found 5');
    expect(() => graph.node('Flatten', ['x'], { axis: -1 })).toThrow(RangeError);
  });
});
