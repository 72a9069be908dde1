import { type LabelledPairs, type PairHead, sigmoid } from './pair-head.js';

/**
 * Penalties of what each value's weight differs from its plain cosine, from strong to weak: thousands of weights are learned from as
 * few pairs, so the best one is found on pairs that were held back.
 */
const PENALTIES = [0.3, 0.1, 0.03, 0.01, 0.003, 0.001] as const;
/** Parts of the pairs, of which each is held back once. */
const FOLDS = 4;
const ROUNDS = 300;

export interface LearnedHead {
  readonly head: PairHead;
  /** The strongest one that does as well as any on pairs that were held back; Infinity: the cosine alone. */
  readonly penalty: number;
  /** Mean log loss per pair of those, nats: of the head, and of the cosine alone. */
  readonly loss: number;
  readonly cosineLoss: number;
}

/**
 * A logistic regression over (|a − b|, a ∘ b) that begins at the cosine: what is common to all values, a scale and a bias, is free; what
 * a value's weight has beside is penalised by its square. Nesterov's accelerated gradient, a fixed number of rounds: the same
 * pairs give the same head.
 *
 * @throws RangeError when there are fewer than 2 × FOLDS pairs of either kind.
 */
export function learnPairHead(pairs: LabelledPairs): LearnedHead {
  const rows = [...pairs.same.keys()];
  const kinds = [rows.filter((row) => pairs.same[row] === 1), rows.filter((row) => pairs.same[row] === 0)];
  if (kinds.some(({ length }) => length < 2 * FOLDS)) {
    throw new RangeError(
      `A head is learned of ${2 * FOLDS} pairs of one person and as many of two; found ${kinds[0]!.length} and ${kinds[1]!.length}.`,
    );
  }
  const features = new Features(pairs);
  // Of each kind in turn, so that every part has both.
  const foldOf = new Map(kinds.flatMap((kind) => kind.map((row, at) => [row, at % FOLDS] as const)));
  const heldBack = (penalty: number): number[] =>
    Array.from({ length: FOLDS }, (_, fold) => {
      const weights = features.learn(rows.filter((row) => foldOf.get(row) !== fold), penalty); // prettier-ignore
      return features.loss(rows.filter((row) => foldOf.get(row) === fold), weights); // prettier-ignore
    });
  // From strong to weak: the cosine alone has the strongest penalty there is.
  const tried = [Infinity, ...PENALTIES].map((penalty) => ({ penalty, losses: heldBack(penalty) }));
  const { penalty, losses } = simplest(tried);
  const cosineLoss = mean(tried[0]!.losses);
  return { head: features.headOf(features.learn(rows, penalty)), penalty, loss: mean(losses), cosineLoss };
}

interface Tried {
  readonly penalty: number;
  /** Of each fold while it was held back. */
  readonly losses: readonly number[];
}

/**
 * The strongest penalty whose loss is within a standard error of the least one: what a weaker one gains beyond is as likely chance
 * (the rule of one standard error: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 7.10).
 *
 * @param tried - from the strongest penalty to the weakest
 */
function simplest(tried: readonly Tried[]): Tried {
  const best = tried.reduce((one, other) => (mean(other.losses) < mean(one.losses) ? other : one));
  const least = mean(best.losses);
  const variance = best.losses.reduce((sum, loss) => sum + (loss - least) ** 2, 0) / (FOLDS - 1);
  const bar = least + Math.sqrt(variance / FOLDS);
  return tried.find(({ losses }) => mean(losses) <= bar)!;
}

/** Weights in the order: bias, scale of the cosine, then one for each feature. */
type Weights = Float64Array;
const COMMON = 2;

class Features {
  private readonly values: Float32Array;
  private readonly cosines: Float64Array;
  private readonly width: number;

  constructor(private readonly pairs: LabelledPairs) {
    const { first, second, dimension, same } = pairs;
    this.width = 2 * dimension;
    this.values = new Float32Array(same.length * this.width);
    this.cosines = new Float64Array(same.length);
    // A value of a unit vector is small; features of about 1 let one step fit all.
    const unit = Math.sqrt(dimension);
    for (let row = 0; row < same.length; row++) {
      for (let at = 0; at < dimension; at++) {
        const [a, b] = [first[row * dimension + at]!, second[row * dimension + at]!];
        this.values[row * this.width + at] = unit * Math.abs(a - b);
        this.values[row * this.width + dimension + at] = unit * a * b;
        this.cosines[row]! += a * b;
      }
    }
  }

  learn(rows: readonly number[], penalty: number): Weights {
    const size = COMMON + this.width;
    // The cosine's own scale first: beside so many features it would be found slowly.
    let weights: Weights = Number.isFinite(penalty) ? this.learn(rows, Infinity) : new Float64Array(size);
    let ahead: Weights = weights;
    const step = 1 / this.steepest(rows, penalty);
    for (let round = 1; round <= ROUNDS; round++) {
      const gradient = this.gradient(rows, ahead, penalty);
      const next = ahead.map((weight, at) => weight - step * gradient[at]!);
      const momentum = (round - 1) / (round + 2);
      ahead = next.map((weight, at) => weight + momentum * (weight - weights[at]!));
      weights = next;
    }
    return weights;
  }

  loss(rows: readonly number[], weights: Weights): number {
    return mean(
      rows.map((row) => {
        const logit = this.logit(row, weights);
        // log(1 + e^−x) without overflow.
        const margin = this.pairs.same[row] === 1 ? logit : -logit;
        return Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)));
      }),
    );
  }

  headOf(weights: Weights): PairHead {
    const { dimension } = this.pairs;
    const unit = Math.sqrt(dimension);
    const part = (from: number, common: number): Float32Array =>
      Float32Array.from({ length: dimension }, (_, at) => common + unit * weights[COMMON + from + at]!);
    return { bias: weights[0]!, distance: part(0, 0), product: part(dimension, weights[1]!) };
  }

  private logit(row: number, weights: Weights): number {
    let sum = weights[0]! + weights[1]! * this.cosines[row]!;
    const begin = row * this.width;
    for (let at = 0; at < this.width; at++) sum += weights[COMMON + at]! * this.values[begin + at]!;
    return sum;
  }

  private gradient(rows: readonly number[], weights: Weights, penalty: number): Weights {
    const gradient = new Float64Array(weights.length);
    const learnsValues = Number.isFinite(penalty);
    for (const row of rows) {
      const wrong = (sigmoid(this.logit(row, weights)) - this.pairs.same[row]!) / rows.length;
      gradient[0]! += wrong;
      gradient[1]! += wrong * this.cosines[row]!;
      if (!learnsValues) continue;
      const begin = row * this.width;
      for (let at = 0; at < this.width; at++) gradient[COMMON + at]! += wrong * this.values[begin + at]!;
    }
    if (learnsValues) for (let at = COMMON; at < weights.length; at++) gradient[at]! += penalty * weights[at]!;
    return gradient;
  }

  /** A bound of the second derivative: a quarter of the mean square length of a pair's features, and the penalty. */
  private steepest(rows: readonly number[], penalty: number): number {
    const learnsValues = Number.isFinite(penalty);
    const lengths = rows.map((row) => {
      let sum = 1 + this.cosines[row]! ** 2;
      for (let at = 0; learnsValues && at < this.width; at++) sum += this.values[row * this.width + at]! ** 2;
      return sum;
    });
    return mean(lengths) / 4 + (learnsValues ? penalty : 0);
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
