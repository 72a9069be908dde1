/** Height, width, channels in, channels out: the order of TensorFlow's convolution kernels. */
export type KernelShape = readonly [height: number, width: number, from: number, to: number];

/** A kernel in ONNX's order: channels out, channels in, height, width. */
export function toOihw(kernel: Float32Array, [height, width, from, to]: KernelShape): Float32Array {
  const ordered = new Float32Array(kernel.length);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let i = 0; i < from; i++) {
        for (let o = 0; o < to; o++, at++) ordered[((o * from + i) * height + y) * width + x] = kernel[at]!;
      }
    }
  }
  return ordered;
}

/** A kernel with rows and columns exchanged, its order otherwise kept. */
export function transposed(kernel: Float32Array, [height, width, from, to]: KernelShape): Float32Array {
  const turned = new Float32Array(kernel.length);
  const place = from * to;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += place) {
      turned.set(kernel.subarray(at, at + place), (x * height + y) * place);
    }
  }
  return turned;
}
