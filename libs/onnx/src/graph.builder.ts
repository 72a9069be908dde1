import {
  ATTRIBUTE,
  ATTRIBUTE_TYPE,
  FLOAT,
  GRAPH,
  INT64,
  MODEL,
  NODE,
  OPSET,
  TENSOR,
  VALUE_INFO,
} from './onnx.fields.js';
import { type Dimension, floatType } from './tensor-shape.js';
import { lengthDelimited, varintField } from './wire-format.js';

/** Version of the file format, and of the operators, that graphs are written in: old enough for every runtime in use. */
const IR_VERSION = 7;
const OPSET_VERSION = 13;
const PRODUCER = 'facelane';

/** Whole numbers from 0 up. */
export type Attribute = number | readonly number[];

/**
 * Writes a network as an ONNX file, node by node in the order of computation. Names are given here, one after the other, so
 * the same calls make the same bytes: a file built twice has one digest.
 *
 * @example
 * const graph = new GraphBuilder('twice');
 * const input = graph.input('input', ['batch', 4]);
 * graph.output(graph.node('Add', [input, input]), 'output', ['batch', 4]);
 * await writeFile('twice.onnx', graph.encode());
 */
export class GraphBuilder {
  readonly #nodes: Uint8Array[] = [];
  readonly #constants: Uint8Array[] = [];
  readonly #inputs: Uint8Array[] = [];
  readonly #outputs: Uint8Array[] = [];

  constructor(private readonly name: string) {}

  /** A float32 input of the network. */
  input(name: string, shape: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(name, shape));
    return name;
  }

  /** Weights. @throws RangeError when the shape holds another number of values. */
  floats(values: Float32Array, shape: readonly number[]): string {
    const count = shape.reduce((product, side) => product * side, 1);
    if (values.length !== count) {
      throw new RangeError(`A tensor of ${shape.join('×')} holds ${count} values; found ${values.length}.`);
    }
    return this.#constant(FLOAT, shape, Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  }

  /** A list of whole numbers, as operators take for shapes and borders. */
  integers(values: readonly number[]): string {
    const bytes = Buffer.alloc(values.length * BigInt64Array.BYTES_PER_ELEMENT);
    for (const [at, value] of values.entries()) bytes.writeBigInt64LE(BigInt(value), at * 8);
    return this.#constant(INT64, [values.length], bytes);
  }

  /** One operator of the standard set; returns the name of its only output. */
  node(operator: string, inputs: readonly string[], attributes: Readonly<Record<string, Attribute>> = {}): string {
    const output = `${operator.toLowerCase()}${this.#nodes.length}`;
    this.#nodes.push(
      Buffer.concat([
        ...inputs.map((input) => text(NODE.input, input)),
        text(NODE.output, output),
        text(NODE.operator, operator),
        ...Object.entries(attributes).map(([name, value]) => lengthDelimited(NODE.attribute, attribute(name, value))),
      ]),
    );
    return output;
  }

  /** Makes a value an output of the network, under this name. */
  output(value: string, name: string, shape: readonly Dimension[]): void {
    this.#nodes.push(
      Buffer.concat([text(NODE.input, value), text(NODE.output, name), text(NODE.operator, 'Identity')]),
    );
    this.#outputs.push(valueInfo(name, shape));
  }

  encode(): Uint8Array {
    const graph = Buffer.concat([
      ...this.#nodes.map((node) => lengthDelimited(GRAPH.node, node)),
      text(GRAPH.name, this.name),
      ...this.#constants.map((tensor) => lengthDelimited(GRAPH.initializer, tensor)),
      ...this.#inputs.map((info) => lengthDelimited(GRAPH.input, info)),
      ...this.#outputs.map((info) => lengthDelimited(GRAPH.output, info)),
    ]);
    return Buffer.concat([
      varintField(MODEL.irVersion, IR_VERSION),
      text(MODEL.producer, PRODUCER),
      lengthDelimited(MODEL.graph, graph),
      lengthDelimited(MODEL.opsets, varintField(OPSET.version, OPSET_VERSION)),
    ]);
  }

  #constant(type: number, shape: readonly number[], bytes: Uint8Array): string {
    const name = `constant${this.#constants.length}`;
    this.#constants.push(
      Buffer.concat([
        ...shape.map((side) => varintField(TENSOR.dimension, side)),
        varintField(TENSOR.type, type),
        text(TENSOR.name, name),
        lengthDelimited(TENSOR.raw, bytes),
      ]),
    );
    return name;
  }
}

const text = (field: number, value: string): Uint8Array => lengthDelimited(field, Buffer.from(value));

const valueInfo = (name: string, shape: readonly Dimension[]): Uint8Array =>
  Buffer.concat([text(VALUE_INFO.name, name), lengthDelimited(VALUE_INFO.type, floatType(shape))]);

function attribute(name: string, value: Attribute): Uint8Array {
  return Buffer.concat([text(ATTRIBUTE.name, name), ...attributeValue(value)]);
}

function attributeValue(value: Attribute): Uint8Array[] {
  if (typeof value === 'number') {
    return [varintField(ATTRIBUTE.int, value), varintField(ATTRIBUTE.type, ATTRIBUTE_TYPE.int)];
  }
  return [...value.map((item) => varintField(ATTRIBUTE.ints, item)), varintField(ATTRIBUTE.type, ATTRIBUTE_TYPE.ints)];
}
