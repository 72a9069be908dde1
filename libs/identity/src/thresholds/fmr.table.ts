import { FmrOutOfRangeError } from './fmr-out-of-range.error.js';

/** Cosines of a model contract at the false match rates they were measured at; keys like `1e-3`. */
export type FmrTable = Readonly<Record<string, number>>;

interface MeasuredPoint {
  readonly fmr: number;
  /** log10 of the rate, in which the cosine is close to a straight line between two measurements. */
  readonly log: number;
  readonly cosine: number;
}

/**
 * The cosine that pairs of strangers reach at this false match rate (0..1, exclusive). Measured rates give the measured
 * cosine; between two of them the line over log10 of the rate is followed. Beyond them nothing is guessed: the far tail
 * of strangers' scores is no straight line.
 *
 * @throws FmrOutOfRangeError with the rates that have an answer.
 */
export function cosineAt(fmr: number, table: FmrTable): number {
  const points = measuredPoints(table);
  const exact = points.find((point) => point.fmr === fmr);
  if (exact !== undefined) return exact.cosine;
  const [low, high] = around(points, (point) => point.fmr > fmr);
  if (low === undefined || high === undefined) throw new FmrOutOfRangeError(fmr, rangeOf(points));
  return low.cosine + ((high.cosine - low.cosine) * (Math.log10(fmr) - low.log)) / (high.log - low.log);
}

/** The false match rate at this cosine, the other way round; undefined where nothing was measured. */
export function fmrAt(cosine: number, table: FmrTable): number | undefined {
  const points = measuredPoints(table);
  // Of several rates with one cosine the highest: it promises least.
  const exact = points.find((point) => point.cosine === cosine);
  if (exact !== undefined) return exact.fmr;
  const [low, high] = around(points, (point) => point.cosine < cosine);
  if (low === undefined || high === undefined) return undefined;
  return 10 ** (low.log + ((high.log - low.log) * (cosine - low.cosine)) / (high.cosine - low.cosine));
}

/** Highest rate first, which is the lowest cosine first. */
function measuredPoints(table: FmrTable): MeasuredPoint[] {
  return Object.entries(table)
    .map(([rate, cosine]) => ({ fmr: Number(rate), log: Math.log10(Number(rate)), cosine }))
    .sort((a, b) => b.fmr - a.fmr);
}

/** The last point that is still before what is looked for, and the one after it. */
function around(
  points: readonly MeasuredPoint[],
  isBefore: (point: MeasuredPoint) => boolean,
): readonly [MeasuredPoint | undefined, MeasuredPoint | undefined] {
  const last = points.findLastIndex(isBefore);
  return [points[last], points[last + 1]];
}

function rangeOf(points: readonly MeasuredPoint[]): { lowest: number; highest: number } | undefined {
  const [first] = points;
  const last = points.at(-1);
  return first && last && { lowest: last.fmr, highest: first.fmr };
}
