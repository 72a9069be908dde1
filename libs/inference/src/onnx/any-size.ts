import {
  type Dimension,
  dimensionsOf,
  editMessage,
  GRAPH,
  MODEL,
  payloads,
  TENSOR,
  textOf,
  VALUE_INFO,
  withDimensions,
} from '@facelane/onnx';

/** N, C, H, W. */
const HEIGHT = 2;
const WIDTH = 3;

/**
 * A convolutional network that was exported for pictures of one size, as one for pictures of any size.
 *
 * The graph's own statement of its input changes, and its outputs no longer say how many candidates they hold.
 * Convolutions and poolings take any size as they are, and so do Reshapes to [1, −1, n] and Resizes by a factor; a network
 * with other constants of its size needs them changed as well, see ultra-face-priors.ts. Whether a network really does is
 * seen in the lengths of its outputs, which every run checks.
 *
 * @throws RangeError when the bytes are not an ONNX model with one picture as input.
 */
export function withAnySize(model: Uint8Array): Uint8Array {
  requirePictureInput(model);
  const sides: Readonly<Record<number, Dimension>> = { [HEIGHT]: 'height', [WIDTH]: 'width' };
  return editMessage(model, {
    [MODEL.graph]: (graph) => {
      const weights = weightNames(graph);
      return editMessage(graph, {
        [GRAPH.input]: (input) =>
          weights.has(textOf(input, VALUE_INFO.name)) ? input : withDimensions(input, (_, index) => sides[index]),
        [GRAPH.output]: withAnyNumberOfCandidates,
      });
    },
  });
}

/** The size that the graph says its input has; undefined where a side varies. @throws RangeError as above. */
export function statedSize(model: Uint8Array): { width: number | undefined; height: number | undefined } {
  const dimensions = requirePictureInput(model);
  const side = (index: number): number | undefined => {
    const dimension = dimensions[index];
    return typeof dimension === 'number' ? dimension : undefined;
  };
  return { width: side(WIDTH), height: side(HEIGHT) };
}

/** Older exporters list the weights among the inputs. */
const weightNames = (graph: Uint8Array): ReadonlySet<string> =>
  new Set(payloads(graph, GRAPH.initializer).map((tensor) => textOf(tensor, TENSOR.name)));

function requirePictureInput(model: Uint8Array): readonly (Dimension | undefined)[] {
  const graphs = payloads(model, MODEL.graph);
  if (graphs.length !== 1) throw new RangeError('its bytes are not an ONNX model');
  const weights = weightNames(graphs[0]!);
  const inputs = payloads(graphs[0]!, GRAPH.input).filter((input) => !weights.has(textOf(input, VALUE_INFO.name)));
  const shapes = inputs.map(dimensionsOf);
  if (shapes.length === 1 && shapes[0]!.length === 4) return shapes[0]!;
  const found = shapes.map((shape) => shape.map((dimension) => dimension ?? '?').join('×')).join(', ');
  throw new RangeError(`a detector has one input of N×C×H×W; found ${found || 'none'}`);
}

/** [1, 4420, 2] becomes [1, candidates, 2], and [4420, 2] becomes [candidates, 2]. */
function withAnyNumberOfCandidates(output: Uint8Array): Uint8Array {
  const rank = dimensionsOf(output).length;
  const name = textOf(output, VALUE_INFO.name);
  return withDimensions(output, (_, index) => (index === rank - 2 ? `candidates of ${name}` : undefined));
}
