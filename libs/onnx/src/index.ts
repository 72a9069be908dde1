export { type Attribute, GraphBuilder } from './graph.builder.js';
export { GRAPH, MODEL, NODE, TENSOR } from './onnx.fields.js';
export { type Dimension, withDimensions } from './tensor-shape.js';
export { editMessage, payloads, textOf } from './wire-format.js';
