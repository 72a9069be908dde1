import type { Size } from '../geometry/size.js';
import type { Detection } from './detection.js';
import { GRID_STRIDES, gridCells } from './grid.js';
import { detectionOf, fivePointsBy } from './make-detection.js';
import type { OutputReader } from './output-reader.js';

/** Sides of the two priors on each cell of each feature map, pixels. */
const PRIOR_SIDES = [
  [16, 32],
  [64, 128],
  [256, 512],
] as const;
const PRIORS = 2;
/** What the regressed values were divided by in training. */
const CENTRE_VARIANCE = 0.1;
const SIZE_VARIANCE = 0.2;

/**
 * RetinaFace as published for PyTorch with a MobileNet-0.25 or ResNet-50 (Deng, Guo, Zhou and others: RetinaFace, 2019):
 * boxes and points relative to the priors, and background and face scores after the softmax, each one table over the
 * strides 8, 16 and 32.
 */
export const retinaFace: OutputReader = {
  multipleOf: 32,
  givesPoints: true,
  expected(input) {
    const rows = priorCount(input);
    return [
      { holds: 'boxes', rows, columns: 4, probability: false },
      { holds: 'scores', rows, columns: 2, probability: true },
      { holds: 'points', rows, columns: 10, probability: false },
    ];
  },
  read([boxes, scores, points], input, minScore) {
    const found: (Detection | undefined)[] = [];
    let prior = 0;
    for (const { stride, level, column, row } of gridCells(input, PRIORS)) {
      for (const side of PRIOR_SIDES[level]!) {
        const at = prior++;
        const score = scores![at * 2 + 1]!;
        if (!(score >= minScore)) continue;
        const place = (value: number, cell: number): number => (cell + 0.5) * stride + value * CENTRE_VARIANCE * side;
        const half = (value: number): number => (Math.exp(value * SIZE_VARIANCE) * side) / 2;
        const [x, y, w, h] = boxes!.subarray(at * 4, at * 4 + 4);
        const own = points!.subarray(at * 10, at * 10 + 10);
        const centreX = place(x!, column);
        const centreY = place(y!, row);
        found.push(
          detectionOf(
            score,
            [centreX - half(w!), centreY - half(h!), centreX + half(w!), centreY + half(h!)],
            fivePointsBy((n) => ({ x: place(own[2 * n]!, column), y: place(own[2 * n + 1]!, row) })),
          ),
        );
      }
    }
    return found.filter((face) => face !== undefined);
  },
};

const priorCount = ({ width, height }: Size): number =>
  GRID_STRIDES.reduce((sum, stride) => sum + Math.ceil(width / stride) * Math.ceil(height / stride) * PRIORS, 0);
