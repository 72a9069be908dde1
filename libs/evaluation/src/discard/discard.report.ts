import { randomIndexes } from '@facelane/vision';
import { type GenuinePair, genuinePairs, type RatedFace } from './genuine.pairs.js';

/** Shares of the faces that are discarded, 0..1. */
const SHARES = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3];

export interface DiscardOptions {
  /** Pairs of one person whose cosine is below it are missed. */
  readonly threshold: number;
  /** Default 0, 1, 2, 5, 10, 20 and 30 %. */
  readonly shares?: readonly number[];
  /** Random orders of discarding. Default 200. */
  readonly rounds?: number;
  /** Of the random orders; the same seed gives the same ones. Default 1. */
  readonly seed?: number;
}

/** What is left when a share of the faces is discarded. */
export interface DiscardStep {
  /** That was asked for, 0..1. */
  readonly share: number;
  readonly discarded: number;
  /** The least utility of the faces that are left; absent when none is left. */
  readonly utilityFrom?: number;
  /** Pairs of one person with both faces left. */
  readonly pairs: number;
  readonly missed: number;
  /** missed ÷ pairs, 0..1; absent when no pair is left. */
  readonly fnmr?: number;
  /** The same rate with as many faces discarded at random; absent when fewer than two orders left a pair. */
  readonly random?: { readonly mean: number; readonly deviation: number };
}

export interface DiscardReport {
  readonly threshold: number;
  readonly faces: number;
  readonly rounds: number;
  /** In the order of the shares. */
  readonly steps: readonly DiscardStep[];
}

/**
 * Error versus discard (Grother and Tabassi, Performance of Biometric Quality Measures, IEEE PAMI 29, 2007): the faces
 * of least utility are discarded, and the false non-match rate of the pairs that are left is taken, at a threshold that
 * stays. Utility is worth what this curve lies below the one of random orders. Of equal utilities the first go first.
 */
export function discardReport(
  faces: readonly RatedFace[],
  { threshold, shares = SHARES, rounds = 200, seed = 1 }: DiscardOptions,
): DiscardReport {
  const pairs = genuinePairs(faces, threshold);
  const cuts = shares.map((share) => Math.round(share * faces.length));
  const byUtility = faces.map((_, place) => place).sort((a, b) => faces[a]!.utility - faces[b]!.utility);
  const left = pairsLeft(pairs, byUtility, cuts);
  const random = randomRates(pairs, faces.length, { cuts, rounds, seed });
  const steps = shares.map((share, at): DiscardStep => {
    const first = byUtility[cuts[at]!];
    const fnmr = rateOf(left[at]!);
    return {
      ...{ share, discarded: cuts[at]! },
      ...(first !== undefined && { utilityFrom: faces[first]!.utility }),
      ...left[at]!,
      ...(fnmr !== undefined && { fnmr }),
      ...spreadOf(random[at]!),
    };
  });
  return { threshold, faces: faces.length, rounds, steps };
}

interface PairsLeft {
  readonly pairs: number;
  readonly missed: number;
}

/** For each cut, the pairs neither of whose faces is among the first so many of the order. */
function pairsLeft(pairs: readonly GenuinePair[], order: readonly number[], cuts: readonly number[]): PairsLeft[] {
  const rank = new Int32Array(order.length);
  for (const [at, place] of order.entries()) rank[place] = at;
  const counts = cuts.map(() => ({ pairs: 0, missed: 0 }));
  for (const { first, second, isMissed } of pairs) {
    const goes = Math.min(rank[first]!, rank[second]!);
    for (const [at, cut] of cuts.entries()) {
      if (goes < cut) continue;
      counts[at]!.pairs += 1;
      if (isMissed) counts[at]!.missed += 1;
    }
  }
  return counts;
}

const rateOf = ({ pairs, missed }: PairsLeft): number | undefined => (pairs === 0 ? undefined : missed / pairs);

/** Per cut, the rates of the random orders that leave a pair. */
function randomRates(
  pairs: readonly GenuinePair[],
  faces: number,
  { cuts, rounds, seed }: { readonly cuts: readonly number[]; readonly rounds: number; readonly seed: number },
): number[][] {
  const next = randomIndexes(seed);
  const rates: number[][] = cuts.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [at, left] of pairsLeft(pairs, shuffled(faces, next), cuts).entries()) {
      const rate = rateOf(left);
      if (rate !== undefined) rates[at]!.push(rate);
    }
  }
  return rates;
}

/** The numbers below `count` in a random order (Fisher and Yates). */
function shuffled(count: number, next: (limit: number) => number): number[] {
  const order = Array.from({ length: count }, (_, place) => place);
  for (let at = count - 1; at > 0; at--) {
    const other = next(at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
  return order;
}

function spreadOf(rates: readonly number[]): Pick<DiscardStep, 'random'> {
  if (rates.length < 2) return {};
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  const variance = rates.reduce((sum, rate) => sum + (rate - mean) ** 2, 0) / (rates.length - 1);
  return { random: { mean, deviation: Math.sqrt(variance) } };
}
