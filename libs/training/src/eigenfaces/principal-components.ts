import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

export interface PrincipalComponents {
  /** Of all samples: values numbers. */
  readonly mean: Float32Array;
  /** values × count, row by row: column k is the k-th component, a unit vector, the one of most variance first. */
  readonly components: Float32Array;
  readonly count: number;
  /** Variance of the samples along each component, in the samples' unit squared. */
  readonly variances: Float64Array;
}

/** Below this share of the largest variance a component is rounding, and no direction of the samples. */
const LEAST_SHARE = 1e-9;

/**
 * The directions in which samples differ most. There are fewer samples than values, so the eigenvectors are found through the
 * small matrix of the samples' products with each other: with A of one centred sample per row, an eigenvector v of A·Aᵀ gives
 * Aᵀ·v (Turk and Pentland, "Eigenfaces for Recognition", 1991).
 *
 * Costs samples² × values multiplications, and samples³ for the decomposition: a thousand samples take some tens of seconds.
 *
 * @param samples - count × values numbers
 * @param wanted - most components
 * @returns as many as the samples have, one fewer than there are samples at most
 * @throws RangeError when there are fewer than two samples, or all are the same
 */
export function principalComponents(samples: Float32Array, values: number, wanted: number): PrincipalComponents {
  const count = samples.length / values;
  if (!Number.isInteger(count) || count < 2) {
    throw new RangeError(`Components are of two samples or more of ${values} values; found ${count}.`);
  }
  const mean = meanOf(samples, values);
  const centred = samples.map((value, at) => value - mean[at % values]!);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(products(centred, values), {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, at) => at).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const largest = realEigenvalues[order[0]!]!;
  if (!(largest > 0)) throw new RangeError('All samples are the same, so there is nothing in which they differ.');
  const kept = order.slice(0, wanted).filter((at) => realEigenvalues[at]! > largest * LEAST_SHARE);
  const components = new Float32Array(values * kept.length);
  for (const [column, at] of kept.entries()) {
    const direction = directionOf(centred, values, eigenvectorMatrix.getColumn(at));
    for (let value = 0; value < values; value++) components[value * kept.length + column] = direction[value]!;
  }
  return {
    mean,
    components,
    count: kept.length,
    variances: Float64Array.from(kept, (at) => realEigenvalues[at]! / (count - 1)),
  };
}

function meanOf(samples: Float32Array, values: number): Float32Array {
  const sums = new Float64Array(values);
  for (let at = 0; at < samples.length; at++) sums[at % values]! += samples[at]!;
  const count = samples.length / values;
  return Float32Array.from(sums, (sum) => sum / count);
}

/** A·Aᵀ, of which only one half is computed. */
function products(centred: Float32Array, values: number): Matrix {
  const count = centred.length / values;
  const matrix = Matrix.zeros(count, count);
  for (let row = 0; row < count; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = 0;
      const [first, second] = [row * values, column * values];
      for (let value = 0; value < values; value++) sum += centred[first + value]! * centred[second + value]!;
      matrix.set(row, column, sum);
      matrix.set(column, row, sum);
    }
  }
  return matrix;
}

/** Aᵀ·v as a unit vector, with the sign that makes its largest entry positive: the same samples give the same file. */
function directionOf(centred: Float32Array, values: number, eigenvector: readonly number[]): Float64Array {
  const direction = new Float64Array(values);
  for (const [row, weight] of eigenvector.entries()) {
    for (let value = 0; value < values; value++) direction[value]! += weight * centred[row * values + value]!;
  }
  const largest = direction.reduce((most, entry) => (Math.abs(entry) > Math.abs(most) ? entry : most), 0);
  const length = Math.hypot(...direction) * Math.sign(largest);
  return direction.map((entry) => entry / length);
}
