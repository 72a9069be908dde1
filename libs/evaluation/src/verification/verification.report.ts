import {
  bootstrapInterval,
  grouped,
  type Interval,
  leastCountForRate,
  rocFromCounts,
  type RocPoint,
  type ScoreCounts,
  tarAtFmr,
  thinRoc,
  total,
} from '@facelane/vision';
import type { FoundPairs } from '../pairs/pair.tasks.js';
import { PairScorer, type PairScorerOptions } from '../pairs/pair.scorer.js';
import {
  impostorPairs,
  type LabelledPhoto,
  lostPairs,
  type NumberedPhotos,
  numberPhotos,
  type PersonCounts,
  samePersonPairs,
} from './labelled.photos.js';

/** Groups of the histogram: each is 0.02 of a cosine wide. */
const HISTOGRAM_GROUPS = 100;

/** A false match rate that was asked for, and what holds at its threshold. */
export interface OperatingPoint extends RocPoint {
  /** The rate that was asked for: `fmr` is at most that. */
  readonly limit: number;
  /** Of the TAR: 95 %, by the bootstrap over people at this threshold. Absent when too few people have pairs. */
  readonly tarInterval?: Interval;
}

/** What a threshold does among all pairs of the photos. */
export interface VerificationReport {
  readonly photos: number;
  readonly people: number;
  /** No face was found in them, or they could not be read. */
  readonly photosWithoutFace: number;
  /** All pairs of one person, those with a photo without a face among them. */
  readonly genuinePairs: number;
  /** Of the genuine pairs, those with a photo without a face: no threshold accepts them. */
  readonly lostGenuinePairs: number;
  /** Pairs of two people with a face in both photos; those without are left out, so that no failure lowers the FMR. */
  readonly impostorPairs: number;
  /** In the order asked for. A rate is left out when fewer than 3 ÷ rate impostor pairs bear it (rule of 3). */
  readonly points: readonly OperatingPoint[];
  /** Rates that were left out. */
  readonly unstated: readonly number[];
  /** Few enough points to draw. */
  readonly roc: readonly RocPoint[];
  /** Pairs by cosine, from −1 to 1 in equal steps. */
  readonly histogram: { readonly genuine: readonly number[]; readonly impostor: readonly number[] };
}

/**
 * Compares every photo with every other.
 *
 * @param source names where the photos come from, in errors.
 * @throws UsageError when there is no face, no second person, or no person with two photos.
 */
export async function verificationReport(
  all: readonly LabelledPhoto[],
  rates: readonly number[],
  { source, ...options }: PairScorerOptions & { readonly source: string },
): Promise<VerificationReport> {
  const numbered = numberPhotos(all, source);
  return PairScorer.with(numbered.faces, options, async (scorer) => {
    const counts = { ...(await scorer.countAll()), lostGenuine: lostPairs(numbered.people) };
    const report = reportOf(all.length, numbered, counts, rates);
    const thresholds = report.points.map(({ threshold }) => threshold);
    const found = await scorer.find({ impostorFrom: Infinity, genuineBelow: -Infinity, thresholds });
    const points = report.points.map((point, at): OperatingPoint => {
      const tarInterval = acceptInterval(numbered.people, acceptedBy(found, at, numbered.people.length));
      return { ...point, ...(tarInterval && { tarInterval }) };
    });
    return { ...report, points };
  });
}

/** The report without intervals, from the counts of all pairs. @throws UsageError, see verificationReport. */
export function reportOf(
  photos: number,
  { people, faces }: NumberedPhotos,
  counts: ScoreCounts,
  rates: readonly number[],
): VerificationReport {
  const impostors = impostorPairs(people);
  const isStated = (rate: number): boolean => impostors >= leastCountForRate(rate);
  return {
    ...{ photos, people: people.length, photosWithoutFace: photos - faces.length },
    genuinePairs: total(counts.genuine) + (counts.lostGenuine ?? 0),
    lostGenuinePairs: counts.lostGenuine ?? 0,
    impostorPairs: impostors,
    points: rates.filter(isStated).map((limit) => ({ limit, ...tarAtFmr(counts, limit) })),
    unstated: rates.filter((rate) => !isStated(rate)),
    roc: thinRoc(rocFromCounts(counts)),
    histogram: {
      genuine: grouped(counts.genuine, HISTOGRAM_GROUPS),
      impostor: grouped(counts.impostor, HISTOGRAM_GROUPS),
    },
  };
}

/** Per person, the genuine pairs that reach the threshold of that number. */
export function acceptedBy(found: readonly FoundPairs[], threshold: number, people: number): Float64Array {
  const pairs = new Float64Array(people);
  for (const { accepted } of found) {
    for (let at = 0; at < accepted.length; at += 3) {
      if (accepted[at + 1] === threshold) pairs[accepted[at]!]! += accepted[at + 2]!;
    }
  }
  return pairs;
}

/** Interval of the share of genuine pairs that are accepted; a resample without any genuine pair says nothing. */
export function acceptInterval(people: readonly PersonCounts[], accepted: ArrayLike<number>): Interval | undefined {
  const pairs = people.map(({ photos }) => samePersonPairs(photos));
  return bootstrapInterval(people.length, (weights) => {
    let all = 0;
    let good = 0;
    for (let at = 0; at < pairs.length; at++) {
      all += weights[at]! * pairs[at]!;
      good += weights[at]! * accepted[at]!;
    }
    return all === 0 ? undefined : good / all;
  });
}
