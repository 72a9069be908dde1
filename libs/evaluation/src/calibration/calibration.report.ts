import { floorOf, type Interval, SCORE_BINS } from '@facelane/vision';
import { PairScorer, type PairScorerOptions } from '../pairs/pair.scorer.js';
import { type LabelledPhoto, lostPairs, numberPhotos } from '../verification/labelled.photos.js';
import {
  acceptedBy,
  acceptInterval,
  type OperatingPoint,
  reportOf,
  type VerificationReport,
} from '../verification/verification.report.js';
import { type ConfusablePair, likestStrangers, unlikestSelves } from './confusable.pairs.js';
import { requireEnough } from './enough.pairs.js';
import { fmrInterval, impostorTail, thresholdInterval } from './impostor.tail.js';

/** Whoever is above the rate of a match by this factor, and below its threshold, is to be looked at. */
const REVIEW_FACTOR = 10;
/** Of the pairs that the rate allows, so many times are kept for the interval, and enough to find pairs of many people. */
const TAIL_FACTOR = 4;
const LEAST_TAIL = 5000;
/** Pairs of each kind that are named. */
const NAMED_PAIRS = 12;

/** The threshold of a match, with what is uncertain about it: 95 %, by the bootstrap over people. */
export interface CalibratedPoint extends OperatingPoint {
  readonly thresholdInterval?: Interval;
  /** Of the false match rate, at this threshold. */
  readonly fmrInterval?: Interval;
}

export interface CalibrationReport extends VerificationReport {
  readonly match: CalibratedPoint;
  /** At ten times the rate of a match. */
  readonly review: OperatingPoint;
  /** Pairs that speak against their folders: a photo in the wrong one, or a person in two. */
  readonly confusable: { readonly genuine: readonly ConfusablePair[]; readonly impostor: readonly ConfusablePair[] };
}

/**
 * From photos of known people to the threshold at a false match rate.
 *
 * @param fmr above 0 and below 0.1, so that there is room for the review above it.
 * @throws UsageError when there are too few people, faces or pairs, and RangeError for another rate.
 */
export async function calibrationReport(
  all: readonly LabelledPhoto[],
  fmr: number,
  { source, ...options }: PairScorerOptions & { readonly source: string },
): Promise<CalibrationReport> {
  if (!(fmr > 0 && fmr < 1 / REVIEW_FACTOR))
    throw new RangeError(`A rate to calibrate is above 0 and below 0.1; found ${fmr}.`);
  const numbered = numberPhotos(all, source);
  const { people, photos, faces } = numbered;
  requireEnough(people, fmr, source);
  return PairScorer.with(faces, options, async (scorer) => {
    const counts = { ...(await scorer.countAll()), lostGenuine: lostPairs(people) };
    const report = reportOf(all.length, numbered, counts, [fmr, fmr * REVIEW_FACTOR]);
    // Both are stated: what bears thirty false matches bears three.
    const [match, review] = report.points as [OperatingPoint, OperatingPoint];
    const found = await scorer.find({
      impostorFrom: highest(counts.impostor, Math.max(LEAST_TAIL, TAIL_FACTOR * fmr * report.impostorPairs)),
      genuineBelow: lowest(counts.genuine, LEAST_TAIL),
      thresholds: [match.threshold, review.threshold],
    });
    const [impostors, genuines] = [found.map(({ impostor }) => impostor), found.map(({ genuine }) => genuine)];
    const tail = impostorTail(
      impostors,
      faces.map(({ person }) => person),
    );
    const accepted = (at: number): Interval | undefined => acceptInterval(people, acceptedBy(found, at, people.length));
    return {
      ...report,
      match: {
        ...match,
        ...known('tarInterval', accepted(0)),
        ...known('thresholdInterval', thresholdInterval(tail, people, fmr)),
        ...known('fmrInterval', fmrInterval(tail, people, match.threshold)),
      },
      review: { ...review, ...known('tarInterval', accepted(1)) },
      confusable: {
        genuine: unlikestSelves(genuines, photos, NAMED_PAIRS),
        impostor: likestStrangers(impostors, photos, NAMED_PAIRS),
      },
    };
  });
}

const known = <Name extends string>(name: Name, value: Interval | undefined): Partial<Record<Name, Interval>> =>
  value === undefined ? {} : ({ [name]: value } as Record<Name, Interval>);

/** The score that at least so many pairs reach, or all. */
function highest(counts: Uint32Array, pairs: number): number {
  let bin = SCORE_BINS;
  for (let seen = 0; bin > 0 && seen < pairs; bin--) seen += counts[bin - 1]!;
  return floorOf(bin);
}

/** The score that at least so many pairs are below, or all. */
function lowest(counts: Uint32Array, pairs: number): number {
  let bin = 0;
  for (let seen = 0; bin < SCORE_BINS && seen < pairs; bin++) seen += counts[bin]!;
  return bin === SCORE_BINS ? Infinity : floorOf(bin);
}
