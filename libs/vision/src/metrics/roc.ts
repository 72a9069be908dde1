import { floorOf, SCORE_BINS, type ScoreCounts, total } from './score-counts.js';

/** What a threshold does to pairs whose truth is known (terms of ISO/IEC 19795-1). */
export interface RocPoint {
  /** Pairs at or above this cosine are accepted. */
  readonly threshold: number;
  /** False match rate: share of impostor pairs accepted, 0..1. */
  readonly fmr: number;
  /** True accept rate: share of genuine pairs accepted, 0..1; those that could not be compared are not accepted. */
  readonly tar: number;
}

/**
 * The receiver operating characteristic: one point per bin that holds a pair, highest threshold first, so both rates
 * only grow, from (0, 0) at an infinite threshold. The last TAR is below 1 when pairs were lost.
 *
 * @throws RangeError when there are no genuine or no impostor pairs.
 */
export function rocFromCounts(counts: ScoreCounts): RocPoint[] {
  const { genuine, impostor } = counts;
  const all = totals(counts);
  const points: RocPoint[] = [{ threshold: Infinity, fmr: 0, tar: 0 }];
  let same = 0;
  let different = 0;
  for (let bin = SCORE_BINS - 1; bin >= 0; bin--) {
    if (genuine[bin] === 0 && impostor[bin] === 0) continue;
    same += genuine[bin]!;
    different += impostor[bin]!;
    points.push({ threshold: floorOf(bin), fmr: different / all.impostor, tar: same / all.genuine });
  }
  return points;
}

/**
 * The lowest threshold that keeps the false match rate within the limit, as fine as the bins are, and the rates there.
 * A limit below 1 ÷ impostor pairs allows no false match; such a figure rests on too few pairs to be trusted.
 *
 * @throws RangeError when the limit is not within 0..1, or as rocFromCounts.
 */
export function tarAtFmr(counts: ScoreCounts, limit: number): RocPoint {
  if (!(limit >= 0 && limit <= 1)) throw new RangeError(`A false match rate is within 0..1; found ${limit}.`);
  const { genuine, impostor } = counts;
  const all = totals(counts);
  // 0.29 × 100 is 28.999… in floating point; the allowance of one part in a thousand million undoes that.
  const allowed = Math.floor(limit * all.impostor * (1 + 1e-9));
  let same = 0;
  let different = 0;
  let bin = SCORE_BINS;
  while (bin > 0 && different + impostor[bin - 1]! <= allowed) {
    bin -= 1;
    different += impostor[bin]!;
    same += genuine[bin]!;
  }
  return { threshold: floorOf(bin), fmr: different / all.impostor, tar: same / all.genuine };
}

/**
 * Few enough points to draw: of the points whose FMR lies between two steps of a logarithmic scale (`perDecade` to a
 * factor of ten) or whose TAR differs by less than 1/500, the last. The first and the last point stay.
 */
export function thinRoc(points: readonly RocPoint[], perDecade = 40): RocPoint[] {
  const step = ({ fmr, tar }: RocPoint): string =>
    `${fmr === 0 ? 'none' : Math.floor(Math.log10(fmr) * perDecade)} ${Math.floor(tar * 500)}`;
  return points.filter((point, at) => {
    const next = points[at + 1];
    return at === 0 || next === undefined || step(next) !== step(point);
  });
}

function totals({ genuine, impostor, lostGenuine = 0 }: ScoreCounts): { genuine: number; impostor: number } {
  const all = { genuine: total(genuine) + lostGenuine, impostor: total(impostor) };
  if (all.genuine === 0) throw new RangeError('There are no genuine pairs.');
  if (all.impostor === 0) throw new RangeError('There are no impostor pairs.');
  return all;
}
