import type { Detection } from './detection.js';
import { gridCells, tablePerStride } from './grid.js';
import { detectionOf, fivePointsBy } from './make-detection.js';
import type { OutputReader } from './output-reader.js';

/** Anchors on each cell. */
const ANCHORS = 2;

/**
 * SCRFD with points (Guo, Deng, Lattas, Zafeiriou: Sample and Computation Redistribution for Efficient Face Detection,
 * 2021): score, box and points, each at strides 8, 16 and 32. Boxes are distances from the cell's corner to the four
 * sides, points are offsets from it, all in strides.
 */
export const scrfd: OutputReader = {
  multipleOf: 32,
  givesPoints: true,
  expected: (input) => [
    ...tablePerStride(input, ANCHORS, { holds: 'scores', columns: 1, probability: true }),
    ...tablePerStride(input, ANCHORS, { holds: 'boxes', columns: 4, probability: false }),
    ...tablePerStride(input, ANCHORS, { holds: 'points', columns: 10, probability: false }),
  ],
  read(outputs, input, minScore) {
    const found: (Detection | undefined)[] = [];
    for (const { stride, level, column, row, first } of gridCells(input, ANCHORS)) {
      for (let at = first; at < first + ANCHORS; at++) {
        const score = outputs[level]![at]!;
        if (!(score >= minScore)) continue;
        const [left, top, right, bottom] = outputs[3 + level]!.subarray(at * 4, at * 4 + 4);
        const points = outputs[6 + level]!.subarray(at * 10, at * 10 + 10);
        found.push(
          detectionOf(
            score,
            [(column - left!) * stride, (row - top!) * stride, (column + right!) * stride, (row + bottom!) * stride],
            fivePointsBy((n) => ({ x: (column + points[2 * n]!) * stride, y: (row + points[2 * n + 1]!) * stride })),
          ),
        );
      }
    }
    return found.filter((face) => face !== undefined);
  },
};
