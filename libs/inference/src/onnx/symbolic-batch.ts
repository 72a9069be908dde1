import { editMessage, GRAPH, MODEL, NODE, payloads, TENSOR, textOf, withDimensions } from '@facelane/onnx';

const BATCH = 'batch';
const INT64_BYTES = 8;

/**
 * A network that was exported for one image at a time, as one that takes any number.
 *
 * The first dimension of the graph's inputs and outputs becomes symbolic, and each Reshape whose constant shape begins
 * with 1 keeps its input's first dimension instead: a 0 there means "copy" (ONNX, Reshape, allowzero = 0). That is
 * safer than [-1, 512], which would silently spread one image over two rows if the width were another.
 *
 * Convolutions, PReLU and additions take any batch as they are; whether a whole network does is what the engine's
 * self-test shows by comparing batched with single vectors.
 *
 * @throws RangeError when the bytes are not an ONNX model.
 */
export function withSymbolicBatch(model: Uint8Array): Uint8Array {
  if (payloads(model, MODEL.graph).length !== 1) throw new RangeError('Its bytes are not an ONNX model.');
  return editMessage(model, {
    [MODEL.graph]: (graph) => {
      const shapes = reshapeConstants(graph);
      return editMessage(graph, {
        [GRAPH.input]: symbolicFirstDimension,
        [GRAPH.output]: symbolicFirstDimension,
        [GRAPH.initializer]: (tensor) =>
          shapes.has(textOf(tensor, TENSOR.name)) ? keepFirstDimension(tensor) : tensor,
      });
    },
  });
}

/** Names of the constants that tell Reshape nodes their output shape. */
function reshapeConstants(graph: Uint8Array): ReadonlySet<string> {
  const reshapes = payloads(graph, GRAPH.node).filter((node) => textOf(node, NODE.operator) === 'Reshape');
  return new Set(reshapes.map((node) => Buffer.from(payloads(node, NODE.input)[1] ?? []).toString('utf8')));
}

const symbolicFirstDimension = (valueInfo: Uint8Array): Uint8Array =>
  withDimensions(valueInfo, (_, index) => (index === 0 ? BATCH : undefined));

const keepFirstDimension = (tensor: Uint8Array): Uint8Array =>
  editMessage(tensor, {
    [TENSOR.raw]: (raw) => {
      const shape = Buffer.from(raw);
      if (shape.length >= INT64_BYTES && shape.readBigInt64LE(0) === 1n) shape.writeBigInt64LE(0n, 0);
      return shape;
    },
  });
