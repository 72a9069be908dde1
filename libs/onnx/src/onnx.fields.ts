/** Field numbers of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). */
export const MODEL = { irVersion: 1, producer: 2, graph: 7, opsets: 8 } as const;
export const OPSET = { version: 2 } as const;
export const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
export const VALUE_INFO = { name: 1, type: 2 } as const;
export const TYPE = { tensor: 1 } as const;
export const TENSOR_TYPE = { element: 1, shape: 2 } as const;
export const SHAPE = { dimension: 1 } as const;
export const DIMENSION = { value: 1, parameter: 2 } as const;
export const NODE = { input: 1, output: 2, operator: 4, attribute: 5 } as const;
export const ATTRIBUTE = { name: 1, int: 3, tensor: 5, ints: 8, type: 20 } as const;
export const ATTRIBUTE_TYPE = { int: 2, ints: 7 } as const;
export const TENSOR = { dimension: 1, type: 2, name: 8, raw: 9 } as const;

/** TensorProto.DataType of what is used here. */
export const FLOAT = 1;
export const INT64 = 7;
