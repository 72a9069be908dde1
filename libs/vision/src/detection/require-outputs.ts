import type { ExpectedOutput } from './output-reader.js';

/** A sigmoid or softmax in float32 may pass 1 by a rounding. */
const ROUNDING = 1e-4;

/**
 * Outputs of another network read as this one would give boxes that mean nothing, so lengths and probabilities are
 * checked.
 *
 * @throws RangeError that says what was expected and what was found.
 */
export function requireOutputs(outputs: readonly Float32Array[], expected: readonly ExpectedOutput[]): void {
  if (outputs.length !== expected.length || outputs.some(({ length }, at) => length !== valuesOf(expected[at]!))) {
    throw new RangeError(
      `expected ${expected.map(describe).join(', ')}; ` +
        `found ${outputs.length} outputs of ${outputs.map(({ length }) => length).join(', ')} values`,
    );
  }
  for (const [at, output] of outputs.entries()) {
    const { probability, holds } = expected[at]!;
    if (!probability) continue;
    const strange = output.find((value) => value < -ROUNDING || value > 1 + ROUNDING);
    if (strange === undefined) continue;
    throw new RangeError(`expected ${holds} within 0..1; found ${strange}, so a sigmoid or softmax is missing`);
  }
}

const valuesOf = ({ rows, columns }: ExpectedOutput): number => rows * columns;
const describe = (output: ExpectedOutput): string => `${output.holds} (${output.rows}×${output.columns})`;
