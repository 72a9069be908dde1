import { describe, expect, it } from 'vitest';
import type { Detection } from './detection.js';
import type { OutputReader } from './output-reader.js';
import { retinaFace } from './retina-face.js';
import { scrfd } from './scrfd.js';
import { yuNet } from './yunet.js';

/** Three steps of 32 by two: no square, so that rows and columns cannot be mixed up unseen. */
const input = { width: 96, height: 64 };

const empty = (reader: OutputReader): Float32Array[] =>
  reader.expected(input).map(({ rows, columns }) => new Float32Array(rows * columns));

/** A face with points at known places; sides and distances are powers of two, so that float32 holds them well. */
const face = { x: 20, y: 10, width: 32, height: 40 };
const centre = { x: face.x + face.width / 2, y: face.y + face.height / 2 };
const points = [26, 18, 42, 18, 34, 28, 28, 40, 40, 40] as const;

function expectFace(found: readonly Detection[], score: number): void {
  expect(found).toHaveLength(1);
  const [{ box, score: given, points: five }] = found as [Detection];
  expect(given).toBeCloseTo(score, 5);
  for (const key of ['x', 'y', 'width', 'height'] as const) expect(box[key]).toBeCloseTo(face[key], 3);
  expect(five!.flatMap(({ x, y }) => [x, y]).every((value, at) => Math.abs(value - points[at]!) < 1e-3)).toBe(true);
}

// Each case writes the face above into the tables of one cell by the inverse of the published decoding.
describe.each([
  [0, 8],
  [1, 16],
  [2, 32],
])('at feature map %i of stride %i', (level, stride) => {
  const columns = input.width / stride;
  const column = Math.floor(centre.x / stride);
  const row = Math.floor(centre.y / stride);
  const cell = row * columns + column;

  it('YuNet gives the face that its tables encode', () => {
    const outputs = empty(yuNet);
    outputs[level]![cell] = 0.9;
    outputs[3 + level]![cell] = 0.4;
    outputs[6 + level]!.set(
      [
        centre.x / stride - column,
        centre.y / stride - row,
        Math.log(face.width / stride),
        Math.log(face.height / stride),
      ],
      cell * 4,
    );
    outputs[9 + level]!.set(
      points.map((value, at) => value / stride - (at % 2 === 0 ? column : row)),
      cell * 10,
    );
    expectFace(yuNet.read(outputs, input, 0.5), 0.6);
    expect(yuNet.read(outputs, input, 0.61)).toEqual([]);
  });

  it.each([0, 1])('SCRFD gives the face that the tables of anchor %i encode', (anchor) => {
    const outputs = empty(scrfd);
    const at = cell * 2 + anchor;
    outputs[level]![at] = 0.75;
    const [x, y] = [column * stride, row * stride];
    const sides = [x - face.x, y - face.y, face.x + face.width - x, face.y + face.height - y];
    outputs[3 + level]!.set(
      sides.map((side) => side / stride),
      at * 4,
    );
    outputs[6 + level]!.set(
      points.map((value, n) => (value - (n % 2 === 0 ? x : y)) / stride),
      at * 10,
    );
    expectFace(scrfd.read(outputs, input, 0.5), 0.75);
  });

  it.each([0, 1])('RetinaFace gives the face that the tables of prior %i encode', (prior) => {
    const outputs = empty(retinaFace);
    const side = [16, 32, 64, 128, 256, 512][level * 2 + prior]!;
    const before = [8, 16, 32].slice(0, level).reduce((sum, step) => sum + (96 / step) * (64 / step) * 2, 0);
    const at = before + cell * 2 + prior;
    const offset = (value: number, n: number): number =>
      (value - ((n % 2 === 0 ? column : row) + 0.5) * stride) / (0.1 * side);
    outputs[0]!.set(
      [offset(centre.x, 0), offset(centre.y, 1), Math.log(face.width / side) / 0.2, Math.log(face.height / side) / 0.2],
      at * 4,
    );
    outputs[1]!.set([0.25, 0.75], at * 2);
    outputs[2]!.set(points.map(offset), at * 10);
    expectFace(retinaFace.read(outputs, input, 0.5), 0.75);
  });
});

it.each([
  ['YuNet', yuNet],
  ['SCRFD', scrfd],
  ['RetinaFace', retinaFace],
])('%s leaves out what is no number', (_name, reader) => {
  const outputs = reader
    .expected(input)
    .map(({ rows, columns, probability }) => new Float32Array(rows * columns).fill(probability ? 0.9 : Number.NaN));
  expect(reader.read(outputs, input, 0.5)).toEqual([]);
});
