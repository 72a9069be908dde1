import { GraphBuilder } from '@facelane/onnx';
import type { PairHead } from './pair-head.js';

/** The head as a network: `a` and `b`, batch × dimension unit vectors, in; batch × 1 probabilities that both are of one person out. */
export function siameseNetwork({ distance, product, bias }: PairHead): Uint8Array {
  const dimension = product.length;
  const graph = new GraphBuilder('siamese');
  const a = graph.input('a', ['batch', dimension]);
  const b = graph.input('b', ['batch', dimension]);
  const apart = graph.node('Abs', [graph.node('Sub', [a, b])]);
  const features = graph.node('Concat', [apart, graph.node('Mul', [a, b])], { axis: 1 });
  const weights = graph.floats(Float32Array.of(...distance, ...product), [2 * dimension, 1]);
  const logit = graph.node('Add', [
    graph.node('MatMul', [features, weights]),
    graph.floats(Float32Array.of(bias), [1]),
  ]);
  graph.output(graph.node('Sigmoid', [logit]), 'probability', ['batch', 1]);
  return graph.encode();
}
