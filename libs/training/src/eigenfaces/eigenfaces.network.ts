import { GraphBuilder } from '@facelane/onnx';
import { LUMA_BLUE, LUMA_GREEN, LUMA_RED } from '@facelane/vision';
import type { PrincipalComponents } from './principal-components.js';

/** Side of the pictures, pixels: half of the aligned crop. Larger ones cost more and measured no better. */
export const EIGENFACES_SIDE = 56;
/** Values 0..255 become 0..1. */
export const EIGENFACES_INPUT = { mean: 0, std: 255 } as const;

/**
 * The components as a network with the interface of any embedder: batch × 3 × 56 × 56 RGB, 0..1, in; batch × components out. Grey
 * as ITU-R BT.601 has it, minus the mean face, projected.
 */
export function eigenfacesNetwork({ mean, components, count }: PrincipalComponents): Uint8Array {
  const values = EIGENFACES_SIDE * EIGENFACES_SIDE;
  if (mean.length !== values || components.length !== values * count) {
    throw new RangeError(`Eigenfaces are of ${values} values; found ${mean.length} and ${components.length}.`);
  }
  const graph = new GraphBuilder('eigenfaces');
  const input = graph.input('input', ['batch', 3, EIGENFACES_SIDE, EIGENFACES_SIDE]);
  const weights = graph.floats(Float32Array.of(LUMA_RED, LUMA_GREEN, LUMA_BLUE), [1, 3, 1, 1]);
  const grey = graph.node('Conv', [input, weights], { kernel_shape: [1, 1] });
  const line = graph.node('Reshape', [grey, graph.integers([0, values])]);
  const centred = graph.node('Sub', [line, graph.floats(mean, [1, values])]);
  const projected = graph.node('MatMul', [centred, graph.floats(components, [values, count])]);
  graph.output(projected, 'embedding', ['batch', count]);
  return graph.encode();
}
