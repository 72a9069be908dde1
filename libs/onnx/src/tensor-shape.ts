import { DIMENSION, FLOAT, SHAPE, TENSOR_TYPE, TYPE, VALUE_INFO } from './onnx.fields.js';
import { editMessage, lengthDelimited, payloads, varintField, varintOf } from './wire-format.js';

/** A number of values, or the name of one that is known only when the network runs. */
export type Dimension = number | string;

/** Type of a graph's input or output: float32 of this shape. */
export const floatType = (shape: readonly Dimension[]): Uint8Array =>
  lengthDelimited(
    TYPE.tensor,
    Buffer.concat([
      varintField(TENSOR_TYPE.element, FLOAT),
      lengthDelimited(
        TENSOR_TYPE.shape,
        Buffer.concat(shape.map((side) => lengthDelimited(SHAPE.dimension, encode(side)))),
      ),
    ]),
  );

/** A graph's input or output with its dimensions replaced by what `change` makes of them; undefined keeps one. */
export const withDimensions = (
  valueInfo: Uint8Array,
  change: (old: Dimension | undefined, index: number) => Dimension | undefined,
): Uint8Array =>
  editMessage(valueInfo, {
    [VALUE_INFO.type]: (type) =>
      editMessage(type, {
        [TYPE.tensor]: (tensor) =>
          editMessage(tensor, {
            [TENSOR_TYPE.shape]: (shape) =>
              editMessage(shape, {
                [SHAPE.dimension]: (dimension, index) => {
                  const next = change(dimensionOf(dimension), index);
                  return next === undefined ? dimension : encode(next);
                },
              }),
          }),
      }),
  });

/** The dimensions of a graph's input or output; undefined where nothing is said. */
export function dimensionsOf(valueInfo: Uint8Array): (Dimension | undefined)[] {
  const inner = [VALUE_INFO.type, TYPE.tensor, TENSOR_TYPE.shape].reduce<Uint8Array>(
    (message, field) => payloads(message, field)[0] ?? new Uint8Array(0),
    valueInfo,
  );
  return payloads(inner, SHAPE.dimension).map(dimensionOf);
}

function dimensionOf(dimension: Uint8Array): Dimension | undefined {
  const [value] = payloads(dimension, DIMENSION.value);
  if (value !== undefined) return varintOf(value);
  const [name] = payloads(dimension, DIMENSION.parameter);
  return name && Buffer.from(name).toString('utf8');
}

function encode(dimension: Dimension): Uint8Array {
  if (typeof dimension === 'number') return varintField(DIMENSION.value, dimension);
  return lengthDelimited(DIMENSION.parameter, Buffer.from(dimension));
}
