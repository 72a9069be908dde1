import type { Detection } from './detection.js';
import { gridCells, tablePerStride } from './grid.js';
import { detectionOf, fivePointsBy } from './make-detection.js';
import type { OutputReader } from './output-reader.js';

/**
 * YuNet (Wu, Peng, Yu: YuNet: A Tiny Millisecond-level Face Detector, 2023): class, objectness, box and points, each at
 * strides 8, 16 and 32, one candidate a cell. The score is √(class · objectness); centres and points are offsets from the
 * cell's corner and sides exponents, all in strides.
 */
export const yuNet: OutputReader = {
  multipleOf: 32,
  givesPoints: true,
  expected: (input) => [
    ...tablePerStride(input, 1, { holds: 'class scores', columns: 1, probability: true }),
    ...tablePerStride(input, 1, { holds: 'objectness', columns: 1, probability: true }),
    ...tablePerStride(input, 1, { holds: 'boxes', columns: 4, probability: false }),
    ...tablePerStride(input, 1, { holds: 'points', columns: 10, probability: false }),
  ],
  read(outputs, input, minScore) {
    const found: (Detection | undefined)[] = [];
    for (const { stride, level, column, row, first } of gridCells(input, 1)) {
      const score = Math.sqrt(outputs[level]![first]! * outputs[3 + level]![first]!);
      if (!(score >= minScore)) continue;
      const [x, y, w, h] = outputs[6 + level]!.subarray(first * 4, first * 4 + 4);
      const points = outputs[9 + level]!.subarray(first * 10, first * 10 + 10);
      const centreX = (column + x!) * stride;
      const centreY = (row + y!) * stride;
      const halfWidth = (Math.exp(w!) * stride) / 2;
      const halfHeight = (Math.exp(h!) * stride) / 2;
      found.push(
        detectionOf(
          score,
          [centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight],
          fivePointsBy((at) => ({ x: (column + points[2 * at]!) * stride, y: (row + points[2 * at + 1]!) * stride })),
        ),
      );
    }
    return found.filter((face) => face !== undefined);
  },
};
