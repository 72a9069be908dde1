import { GraphBuilder } from '@facelane/onnx';

export interface ConstantNetwork {
  /** Shape of the input, which the network does not look at. */
  readonly input: readonly number[];
  readonly outputs: Readonly<Record<string, readonly number[]>>;
  /** Values of outputs; the others are all 0. */
  readonly values?: Readonly<Record<string, Float32Array>>;
  /** What the values pass through. Default Identity. */
  readonly operator?: string;
}

/** An ONNX file whose outputs are always the same: the interface of a network without its weights. */
export function constantNetwork({ input, outputs, values = {}, operator = 'Identity' }: ConstantNetwork): Uint8Array {
  const graph = new GraphBuilder('constants');
  graph.input('input', input);
  for (const [name, shape] of Object.entries(outputs)) {
    const data = values[name] ?? new Float32Array(shape.reduce((product, side) => product * side, 1));
    graph.output(graph.node(operator, [graph.floats(data, shape)]), name, shape);
  }
  return graph.encode();
}
