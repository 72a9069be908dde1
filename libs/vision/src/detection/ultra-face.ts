import { detectionOf } from './make-detection.js';
import type { OutputReader } from './output-reader.js';
import { ultraFacePriorCount } from './ultra-face.priors.js';

/**
 * UltraFace: background and face score of each prior, and boxes that the graph has already decoded from the priors, as
 * left, top, right, bottom, each 0..1 of the input.
 */
export const ultraFace: OutputReader = {
  multipleOf: 16,
  givesPoints: false,
  expected(input) {
    const rows = ultraFacePriorCount(input);
    return [
      { holds: 'scores', rows, columns: 2, probability: true },
      { holds: 'boxes', rows, columns: 4, probability: false },
    ];
  },
  read([scores, boxes], { width, height }, minScore) {
    return Array.from({ length: scores!.length / 2 }, (_, prior) => {
      const score = scores![prior * 2 + 1]!;
      if (!(score >= minScore)) return undefined;
      const [left, top, right, bottom] = boxes!.subarray(prior * 4, prior * 4 + 4);
      return detectionOf(score, [left! * width, top! * height, right! * width, bottom! * height]);
    }).filter((found) => found !== undefined);
  },
};
