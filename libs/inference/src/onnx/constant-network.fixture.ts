import { ATTRIBUTE, GRAPH, MODEL, NODE, TENSOR, VALUE_INFO } from './onnx.fields.js';
import { FLOAT, floatType } from './tensor-shape.js';
import { lengthDelimited, varintField } from './wire-format.js';

/** More field numbers of onnx.proto, which only a writer needs. */
const MODEL_VERSION = { ir: 1, opsets: 8, opsetVersion: 2 } as const;
const GRAPH_NAME = 2;
const ATTRIBUTE_HEAD = { name: 1, kind: 20, tensorKind: 4 } as const;
const TENSOR_DIMENSION = 1;

export interface ConstantNetwork {
  /** Shape of the input, which the network does not look at. */
  readonly input: readonly number[];
  readonly outputs: Readonly<Record<string, readonly number[]>>;
  /** Values of outputs; the others are all 0. */
  readonly values?: Readonly<Record<string, Float32Array>>;
  /** Default Constant. */
  readonly operator?: string;
}

/** An ONNX file whose outputs are always the same: the interface of a network without its weights. */
export function constantNetwork({ input, outputs, values = {}, operator = 'Constant' }: ConstantNetwork): Uint8Array {
  const nodes = Object.entries(outputs).map(([name, shape]) => {
    const data = values[name] ?? new Float32Array(shape.reduce((product, side) => product * side, 1));
    return lengthDelimited(
      GRAPH.node,
      Buffer.concat([text(NODE.output, name), text(NODE.operator, operator), constant(shape, data)]),
    );
  });
  const graph = Buffer.concat([
    ...nodes,
    text(GRAPH_NAME, 'constants'),
    lengthDelimited(GRAPH.input, valueInfo('input', input)),
    ...Object.entries(outputs).map(([name, shape]) => lengthDelimited(GRAPH.output, valueInfo(name, shape))),
  ]);
  return Buffer.concat([
    varintField(MODEL_VERSION.ir, 6),
    lengthDelimited(MODEL.graph, graph),
    lengthDelimited(MODEL_VERSION.opsets, varintField(MODEL_VERSION.opsetVersion, 11)),
  ]);
}

const text = (field: number, value: string): Uint8Array => lengthDelimited(field, Buffer.from(value));

const valueInfo = (name: string, shape: readonly number[]): Uint8Array =>
  Buffer.concat([text(VALUE_INFO.name, name), lengthDelimited(VALUE_INFO.type, floatType(shape))]);

const constant = (shape: readonly number[], data: Float32Array): Uint8Array =>
  lengthDelimited(
    NODE.attribute,
    Buffer.concat([
      text(ATTRIBUTE_HEAD.name, 'value'),
      lengthDelimited(
        ATTRIBUTE.tensor,
        Buffer.concat([
          ...shape.map((side) => varintField(TENSOR_DIMENSION, side)),
          varintField(TENSOR.type, FLOAT),
          lengthDelimited(TENSOR.raw, Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
        ]),
      ),
      varintField(ATTRIBUTE_HEAD.kind, ATTRIBUTE_HEAD.tensorKind),
    ]),
  );
