export { type Attribute, GraphBuilder } from './graph.builder.js';
export { ATTRIBUTE, FLOAT, GRAPH, MODEL, NODE, TENSOR, VALUE_INFO } from './onnx.fields.js';
export { type Dimension, dimensionsOf, floatType, withDimensions } from './tensor-shape.js';
export { editMessage, lengthDelimited, payloads, textOf, varintOf } from './wire-format.js';
