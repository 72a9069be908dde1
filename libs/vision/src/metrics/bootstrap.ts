import { randomIndexes } from './random-indexes.js';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  /** Default 1000. */
  readonly resamples?: number;
  /** Of the numbers drawn, from 1; the same seed gives the same interval. Default 1. */
  readonly seed?: number;
  /** Share of the resamples inside the interval. Default 0.95. */
  readonly level?: number;
}

/**
 * Percentile interval by the bootstrap over people (Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
 * chapter 13). Pairs of photos are not independent, since one person is in many of them; people are. Each resample
 * draws as many people as there are, with replacement, and hands over how often each was drawn.
 *
 * @param statistic the figure for one resample; undefined where there is none, and that resample is left out.
 * @returns undefined when fewer than half of the resamples gave a figure.
 */
export function bootstrapInterval(
  people: number,
  statistic: (weights: Int32Array) => number | undefined,
  { resamples = 1000, seed = 1, level = 0.95 }: BootstrapOptions = {},
): Interval | undefined {
  const next = randomIndexes(seed);
  const values: number[] = [];
  for (let round = 0; round < resamples; round++) {
    const weights = new Int32Array(people);
    for (let drawn = 0; drawn < people; drawn++) weights[next(people)]! += 1;
    const value = statistic(weights);
    if (value !== undefined) values.push(value);
  }
  if (values.length === 0 || values.length < resamples / 2) return undefined;
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { low: at((1 - level) / 2), high: at((1 + level) / 2) };
}
