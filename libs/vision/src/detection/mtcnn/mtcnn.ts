import type { Box, FivePoints } from '../../geometry/shapes.js';
import { squareAround } from '../../geometry/square.js';
import { cropResize } from '../../image/crop-resize.js';
import type { RgbImage } from '../../image/image.js';
import { toPlanarTensor } from '../../image/planar-tensor.js';
import type { Detection } from '../detection.js';
import { nonMaximumSuppression } from '../non-maximum-suppression.js';
import { calibrated, type Candidate, intersectionOverSmaller } from './candidate.js';
import { type PyramidOptions, pyramidSizes } from './pyramid.js';
import { type MtcnnAnswers, readJudgements, readProposals } from './read-answers.js';
import { OUTPUT_SIDE, REFINEMENT_SIDE } from './sizes.js';

/** Runs one of the networks on n pictures of 3 × height × width. */
export type MtcnnNetwork = (
  data: Float32Array,
  shape: readonly [count: number, channels: 3, height: number, width: number],
) => Promise<MtcnnAnswers>;

export interface MtcnnNetworks {
  readonly proposal: MtcnnNetwork;
  readonly refinement: MtcnnNetwork;
  readonly output: MtcnnNetwork;
}

export interface MtcnnOptions extends PyramidOptions {
  /** Least probability after each network, 0..1. The authors use 0.6, 0.7, 0.7. */
  readonly minScores: readonly [proposal: number, refinement: number, output: number];
}

export interface MtcnnFace extends Detection {
  readonly points: FivePoints;
}

const INPUT = { mean: 127.5, std: 128, order: 'rgb' } as const;
/** Overlaps above which the weaker of two goes: within a size, between sizes, after the second and the third network. */
const OVERLAP = { size: 0.5, pyramid: 0.7, refinement: 0.7, output: 0.7 } as const;
/** Pictures of one run. A crowd has thousands of candidates; a run of all would take gigabytes. */
const MOST_AT_ONCE = 128;

/**
 * Faces with five points by three networks, each of which sees only what the one before let through (Zhang et al., 2016). The
 * first looks at the whole photo in many sizes; the second and third judge one square after the other.
 *
 * @returns best score first. Boxes and points may reach beyond the photo.
 */
export async function mtcnn(photo: RgbImage, networks: MtcnnNetworks, options: MtcnnOptions): Promise<MtcnnFace[]> {
  const [proposal, refinement, output] = options.minScores;
  const proposed = await propose(photo, networks.proposal, options, proposal);
  const squares = proposed.map((candidate) => squareAround(calibrated(candidate), 1)).filter(hasArea);
  const refined = nonMaximumSuppression(await judge(photo, networks.refinement, squares, REFINEMENT_SIDE, refinement), {
    iou: OVERLAP.refinement,
  });
  const again = refined.map((candidate) => squareAround(calibrated(candidate), 1)).filter(hasArea);
  const faces = (await judge(photo, networks.output, again, OUTPUT_SIDE, output)).flatMap((candidate): MtcnnFace[] => {
    const { score, points } = candidate;
    return points === undefined ? [] : [{ box: calibrated(candidate), score, points }];
  });
  return nonMaximumSuppression(faces, { iou: OVERLAP.output, overlap: intersectionOverSmaller });
}

async function propose(
  photo: RgbImage,
  network: MtcnnNetwork,
  options: PyramidOptions,
  minScore: number,
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  const whole = { x: 0, y: 0, width: photo.width, height: photo.height };
  for (const { width, height } of pyramidSizes(photo, options)) {
    const picture = cropResize(photo, whole, width, height);
    const answers = await network(toPlanarTensor(picture, INPUT), [1, 3, height, width]);
    found.push(...nonMaximumSuppression(readProposals(answers, picture, photo, minScore), { iou: OVERLAP.size }));
  }
  return nonMaximumSuppression(found, { iou: OVERLAP.pyramid });
}

async function judge(
  photo: RgbImage,
  network: MtcnnNetwork,
  boxes: readonly Box[],
  side: number,
  minScore: number,
): Promise<Candidate[]> {
  const found: Candidate[] = [];
  const values = 3 * side * side;
  for (let first = 0; first < boxes.length; first += MOST_AT_ONCE) {
    const some = boxes.slice(first, first + MOST_AT_ONCE);
    const data = new Float32Array(some.length * values);
    for (const [row, box] of some.entries()) {
      toPlanarTensor(cropResize(photo, box, side, side), INPUT, data, row * values);
    }
    found.push(...readJudgements(await network(data, [some.length, 3, side, side]), some, minScore));
  }
  return found;
}

/** Two edges may change places in a bad answer. */
const hasArea = ({ width, height }: Box): boolean => width > 0 && height > 0;
