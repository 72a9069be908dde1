import {
  bootstrapInterval,
  hitRate,
  identificationCounts,
  type Interval,
  leastCountForRate,
  type MatedSearch,
  rocFromCounts,
  type RocPoint,
  tarAtFmr,
  thinRoc,
} from '@facelane/vision';
import { UsageError } from '@facelane/contracts';
import { PairScorer, type PairScorerOptions } from '../pairs/pair.scorer.js';
import type { LabelledPhoto } from '../verification/labelled.photos.js';

/** Ranks of the cumulative match curve. */
const RANKS = 20;

/** Photos as splitPeople parted them, with their vectors. */
export interface GalleryPhotos {
  readonly gallery: readonly LabelledPhoto[];
  readonly mated: readonly LabelledPhoto[];
  readonly strangers: readonly LabelledPhoto[];
}

/** A false positive identification rate that was asked for, and what holds at its threshold. */
export interface OpenSetPoint {
  readonly limit: number;
  readonly threshold: number;
  /** Share of the searches for strangers that return anybody, at most the limit. */
  readonly fpir: number;
  /** Share of the searches for enrolled people that return the right one first, at or above the threshold. */
  readonly dir: number;
  /** Of the DIR: 95 %, by the bootstrap over people; the threshold is found anew for each resample. */
  readonly dirInterval?: Interval;
}

export interface IdentificationReport {
  readonly enrolledPeople: number;
  /** Enrolled people whose photo gave no face: nobody can find them, and their searches count as missed. */
  readonly enrolmentsWithoutFace: number;
  readonly matedSearches: number;
  /** Of these: missed, whatever the threshold. */
  readonly matedSearchesWithoutFace: number;
  /** Searches for strangers with a face. Those without are left out, so that no failure lowers the FPIR. */
  readonly strangerSearches: number;
  readonly strangerPeople: number;
  /** Share of the mated searches with the right person first. */
  readonly rank1: number;
  readonly rank1Interval?: Interval;
  /** Share with the right person among the best 1, 2, … 20. */
  readonly cmc: readonly number[];
  /** In the order asked for. A rate is left out when fewer than 3 ÷ rate searches for strangers bear it (rule of 3). */
  readonly points: readonly OpenSetPoint[];
  readonly unstated: readonly number[];
  /** `fmr` is the FPIR and `tar` the DIR; empty without strangers. */
  readonly curve: readonly RocPoint[];
}

/**
 * Searches for every probe among everybody who is enrolled.
 *
 * @param rates false positive identification rates.
 * @throws UsageError when no enrolled photo, or no photo to search with, has a face.
 */
export async function identificationReport(
  photos: GalleryPhotos,
  rates: readonly number[],
  { source, ...options }: PairScorerOptions & { readonly source: string },
): Promise<IdentificationReport> {
  const searches = await searchAll(photos, source, options);
  const { mated, strangers } = searches;
  const matedPeople = byPerson(photos.mated);
  const strangerPeople = byPerson(searches.strangerPhotos);
  const isStated = (rate: number): boolean => strangers.length >= leastCountForRate(rate);
  const counts = strangers.length === 0 ? undefined : identificationCounts(mated, strangers);
  const rank1Interval = bootstrapInterval(matedPeople.length, (weights) =>
    hitRate(drawn(matedPeople, weights).map((at) => mated[at]!)),
  );
  return {
    enrolledPeople: photos.gallery.length,
    enrolmentsWithoutFace: photos.gallery.filter(({ vector }) => vector === undefined).length,
    matedSearches: mated.length,
    matedSearchesWithoutFace: photos.mated.filter(({ vector }) => vector === undefined).length,
    strangerSearches: strangers.length,
    strangerPeople: strangerPeople.length,
    rank1: hitRate(mated),
    ...(rank1Interval && { rank1Interval }),
    cmc: Array.from({ length: RANKS }, (_, at) => hitRate(mated, at + 1)),
    points:
      counts === undefined
        ? []
        : rates.filter(isStated).map((limit) => {
            const { threshold, fmr, tar } = tarAtFmr(counts, limit);
            const dirInterval = dirBootstrap({ mated, matedPeople, strangers, strangerPeople }, limit);
            return { limit, threshold, fpir: fmr, dir: tar, ...(dirInterval && { dirInterval }) };
          }),
    unstated: rates.filter((rate) => !isStated(rate)),
    curve: counts === undefined ? [] : thinRoc(rocFromCounts(counts)),
  };
}

interface Searches {
  readonly mated: readonly MatedSearch[];
  /** Best score of each. */
  readonly strangers: readonly number[];
  /** In the order of their scores. */
  readonly strangerPhotos: readonly LabelledPhoto[];
}

async function searchAll(
  { gallery, mated, strangers }: GalleryPhotos,
  source: string,
  options: PairScorerOptions,
): Promise<Searches> {
  const withFace = (photos: readonly LabelledPhoto[]) => photos.filter(({ vector }) => vector !== undefined);
  const enrolled = withFace(gallery);
  const strangerPhotos = withFace(strangers);
  const probes = [...withFace(mated), ...strangerPhotos];
  requireFaces(enrolled, 'photos to enrol', gallery.length, source);
  requireFaces(withFace(mated), 'photos to search with', mated.length, source);
  const numbers = new Map([...enrolled, ...probes].map(({ person }) => person).map((person, at) => [person, at]));
  const faces = [...enrolled, ...probes].map(({ person, vector }) => ({
    person: numbers.get(person)!,
    vector: vector!,
  }));
  const { own, top, rank } = await PairScorer.with(faces, options, (scorer) => scorer.search(enrolled.length));
  const places = new Map(probes.map((photo, at) => [photo, at]));
  return {
    mated: mated.map((photo): MatedSearch => {
      const at = places.get(photo);
      return at === undefined || rank[at] === 0 ? {} : { own: own[at], rank: rank[at] };
    }),
    strangers: strangerPhotos.map((photo) => top[places.get(photo)!]!),
    strangerPhotos,
  };
}

function requireFaces(photos: readonly LabelledPhoto[], kind: string, all: number, source: string): void {
  if (photos.length > 0) return;
  throw new UsageError(
    `No face was found in any of the ${all} ${kind} in ${source}.`,
    'Use photos in which the face is upright and at least 40 pixels wide.',
  );
}

/** Places of the photos of each person. */
function byPerson(photos: readonly LabelledPhoto[]): readonly (readonly number[])[] {
  return [...Map.groupBy(photos.entries(), ([, { person }]) => person).values()].map((entries) =>
    entries.map(([at]) => at),
  );
}

/** Places of the photos of those who were drawn, as often as they were. */
const drawn = (people: readonly (readonly number[])[], weights: Int32Array): number[] =>
  people.flatMap((photos, person) => Array.from({ length: weights[person]! }, () => photos).flat());

interface Grouped extends Omit<Searches, 'strangerPhotos'> {
  readonly matedPeople: readonly (readonly number[])[];
  readonly strangerPeople: readonly (readonly number[])[];
}

/** Enrolled people and strangers are drawn as one list, so that a resample has about as many of each. */
function dirBootstrap({ mated, matedPeople, strangers, strangerPeople }: Grouped, limit: number): Interval | undefined {
  return bootstrapInterval(matedPeople.length + strangerPeople.length, (weights) => {
    const own = drawn(matedPeople, weights.subarray(0, matedPeople.length)).map((at) => mated[at]!);
    const tops = drawn(strangerPeople, weights.subarray(matedPeople.length)).map((at) => strangers[at]!);
    if (own.length === 0 || tops.length === 0) return undefined;
    const sorted = Float64Array.from(tops).sort();
    const refused = sorted[sorted.length - 1 - Math.floor(limit * sorted.length * (1 + 1e-9))] ?? -Infinity;
    return own.filter(({ own: score, rank }) => rank === 1 && (score ?? -Infinity) > refused).length / own.length;
  });
}
