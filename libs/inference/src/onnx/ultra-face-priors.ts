import {
  ATTRIBUTE,
  editMessage,
  FLOAT,
  floatType,
  GRAPH,
  lengthDelimited,
  MODEL,
  NODE,
  payloads,
  TENSOR,
  textOf,
  VALUE_INFO,
  varintOf,
} from '@facelane/onnx';
import { type Priors, type Size, ultraFacePriors } from '@facelane/vision';
import type { Feeds } from '../worker/ort-session.js';
import { statedSize, withAnySize } from './any-size.js';

/** Priors of another training differ by far more; those of the same, computed in another order, by a rounding. */
const SAME = 1e-6;

const INPUTS = { centres: 'prior centres', sizes: 'prior sizes' } as const;
type Kind = keyof typeof INPUTS;
const KINDS: readonly Kind[] = ['centres', 'sizes'];

/**
 * An UltraFace file with the same weights for pictures of any size.
 *
 * Its graph decodes the boxes itself, with the centres and sides of the priors as constants of 1×N×2. Those constants
 * become inputs, which every run feeds with the priors of its own size (priorFeeds). Each constant is first compared with
 * the priors of the size the file was exported for: a file with others is not the UltraFace that is known here.
 *
 * @throws RangeError that says what was found.
 */
export function withPriorInputs(model: Uint8Array): Uint8Array {
  const { width, height } = statedSize(model);
  if (width === undefined || height === undefined) throw new RangeError('it states no size of its input');
  const priors = ultraFacePriors({ width, height });
  const found = { centres: 0, sizes: 0 };
  const edited = editMessage(withAnySize(model), {
    [MODEL.graph]: (graph) => {
      const fed = editMessage(graph, {
        [GRAPH.node]: (node) => {
          const kind = kindOf(node, priors);
          if (kind === undefined) return node;
          found[kind]++;
          return copyOfInput(node, INPUTS[kind]);
        },
      });
      return Buffer.concat([fed, ...KINDS.map((kind) => lengthDelimited(GRAPH.input, priorInput(INPUTS[kind])))]);
    },
  });
  if (found.centres > 0 && found.sizes > 0) return edited;
  throw new RangeError(`the priors of UltraFace at ${width}×${height} are not among its constants`);
}

/** What a run at this size feeds besides the picture. */
export function priorFeeds(size: Size): Feeds {
  const priors = ultraFacePriors(size);
  const shape = [1, priors.count, 2];
  return {
    [INPUTS.centres]: { data: priors.centres, shape },
    [INPUTS.sizes]: { data: priors.sizes, shape },
  };
}

/** Which of the priors a Constant node holds. */
function kindOf(node: Uint8Array, priors: Priors): Kind | undefined {
  if (textOf(node, NODE.operator) !== 'Constant') return undefined;
  const [tensor] = payloads(node, NODE.attribute).flatMap((attribute) => payloads(attribute, ATTRIBUTE.tensor));
  const [raw] = tensor === undefined ? [] : payloads(tensor, TENSOR.raw);
  if (tensor === undefined || raw?.length !== priors.centres.byteLength) return undefined;
  if (payloads(tensor, TENSOR.type).map(varintOf).join() !== String(FLOAT)) return undefined;
  const values = new Float32Array(Uint8Array.from(raw).buffer);
  return KINDS.find((kind) => values.every((value, at) => Math.abs(value - priors[kind][at]!) <= SAME));
}

/** A node with the same output that passes the input on. */
const copyOfInput = (node: Uint8Array, input: string): Uint8Array =>
  Buffer.concat([
    lengthDelimited(NODE.input, Buffer.from(input)),
    ...payloads(node, NODE.output).map((output) => lengthDelimited(NODE.output, output)),
    lengthDelimited(NODE.operator, Buffer.from('Identity')),
  ]);

const priorInput = (name: string): Uint8Array =>
  Buffer.concat([
    lengthDelimited(VALUE_INFO.name, Buffer.from(name)),
    lengthDelimited(VALUE_INFO.type, floatType([1, 'priors', 2])),
  ]);
