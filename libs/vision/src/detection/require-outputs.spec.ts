import { expect, it } from 'vitest';
import { requireOutputs } from './require-outputs.js';
import { retinaFace } from './retina-face.js';
import { ultraFace } from './ultra-face.js';

const input = { width: 320, height: 240 };
const expected = ultraFace.expected(input);

it('accepts outputs of the lengths and ranges that the decoder reads', () => {
  requireOutputs([new Float32Array(8840), new Float32Array(17_680)], expected);
});

it('names what it expected and what it found', () => {
  const message = 'expected scores (4420×2), boxes (4420×4); found 2 outputs of 17680, 8840 values';
  expect(() => requireOutputs([new Float32Array(17_680), new Float32Array(8840)], expected)).toThrow(message);
  expect(() => requireOutputs([new Float32Array(8840)], expected)).toThrow('found 1 outputs of 8840 values');
});

it('refuses scores that never were probabilities', () => {
  const outputs = retinaFace.expected(input).map(({ rows, columns }) => new Float32Array(rows * columns));
  outputs[1]![7] = 4.5;
  expect(() => requireOutputs(outputs, retinaFace.expected(input))).toThrow('scores within 0..1; found 4.5');
});
