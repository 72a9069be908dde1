import type { ResolvedNetwork } from '@facelane/models';
import { type Detection, mtcnn, type MtcnnNetwork, type RgbImage } from '@facelane/vision';
import type { DetectorFile, DetectorRun } from './detector.component.js';

/** Shorter side of the smallest face that is looked for, pixels of the detector's input: half of it takes four times as long. */
const MIN_FACE = 20;
/** Half the area from one size of the picture to the next (Zhang et al., 2016). */
const FACTOR = 0.709;
/** What the first two networks let through, as the authors have it; the third decides. */
const LET_THROUGH = [0.6, 0.7] as const;

type Network = DetectorFile | ResolvedNetwork<'stage'>;

/** MTCNN on one picture: its three networks are the detector's file and its two stages. */
export async function findByMtcnn(run: DetectorRun, picture: RgbImage, minScore: number): Promise<Detection[]> {
  const [refinement, output] = run.detector.stages ?? [];
  if (refinement === undefined || output === undefined)
    throw new TypeError(`${run.detector.id} has no further networks.`);
  const networks = {
    proposal: networkOf(run, run.detector),
    refinement: networkOf(run, refinement),
    output: networkOf(run, output),
  };
  return mtcnn(picture, networks, { minFace: MIN_FACE, factor: FACTOR, minScores: [...LET_THROUGH, minScore] });
}

const networkOf =
  ({ sessions, device }: DetectorRun, network: Network): MtcnnNetwork =>
  async (data, shape) => {
    const session = await sessions.get(network, { device });
    session.requireInput(shape);
    const [probability, regression, landmarks] = await session.run(data, shape);
    return { probability: probability!, regression: regression!, ...(landmarks && { landmarks }) };
  };
