import type { Box, FivePoints, Point } from '../../geometry/shapes.js';
import type { Candidate } from './candidate.js';
import { PROPOSAL_SIDE, PROPOSAL_STEP, proposalsAlong, type Size } from './sizes.js';

/** What one of the networks returns; a batch of n, or of 1 with a plane per value. */
export interface MtcnnAnswers {
  /** n × 2, or 2 planes: the second is the probability of a face. */
  readonly probability: Float32Array;
  /** n × 4, or 4 planes: see Candidate.shift. */
  readonly regression: Float32Array;
  /** n × 10, of the last network: five x, then five y, in parts of the box from its upper left corner. */
  readonly landmarks?: Float32Array;
}

/**
 * Squares of the photo in which the proposal network sees a face, of one picture of the pyramid.
 *
 * @throws RangeError when the answers have another number of values than the picture gives.
 */
export function readProposals(answers: MtcnnAnswers, picture: Size, photo: Size, minScore: number): Candidate[] {
  const columns = proposalsAlong(picture.width);
  const count = columns * proposalsAlong(picture.height);
  requireLengths(answers, count);
  const { probability, regression } = answers;
  const scaleX = photo.width / picture.width;
  const scaleY = photo.height / picture.height;
  const found: Candidate[] = [];
  for (let at = 0; at < count; at++) {
    const score = probability[count + at]!;
    if (score < minScore) continue;
    const box = {
      x: (at % columns) * PROPOSAL_STEP * scaleX,
      y: Math.floor(at / columns) * PROPOSAL_STEP * scaleY,
      width: PROPOSAL_SIDE * scaleX,
      height: PROPOSAL_SIDE * scaleY,
    };
    const shift = [0, 1, 2, 3].map((plane) => regression[plane * count + at]!) as unknown as Candidate['shift'];
    found.push({ box, score, shift });
  }
  return found;
}

/**
 * Those of the boxes in which a later network sees a face.
 *
 * @throws RangeError when the answers have another number of values than the boxes give.
 */
export function readJudgements(answers: MtcnnAnswers, boxes: readonly Box[], minScore: number): Candidate[] {
  requireLengths(answers, boxes.length);
  const { probability, regression, landmarks } = answers;
  return boxes.flatMap((box, row): Candidate[] => {
    const score = probability[row * 2 + 1]!;
    if (score < minScore) return [];
    const shift = [...regression.subarray(row * 4, row * 4 + 4)] as unknown as Candidate['shift'];
    const points = landmarks && pointsIn(box, landmarks.subarray(row * 10, row * 10 + 10));
    return [{ box, score, shift, ...(points && { points }) }];
  });
}

function pointsIn(box: Box, values: Float32Array): FivePoints {
  const point = (at: number): Point => ({
    x: box.x + values[at]! * box.width,
    y: box.y + values[5 + at]! * box.height,
  });
  return [point(0), point(1), point(2), point(3), point(4)];
}

function requireLengths({ probability, regression, landmarks }: MtcnnAnswers, count: number): void {
  const found = [probability.length / 2, regression.length / 4, (landmarks?.length ?? count * 10) / 10];
  if (found.every((length) => length === count)) return;
  throw new RangeError(`The network answered for ${found.join(', ')} squares; ${count} were asked about.`);
}
