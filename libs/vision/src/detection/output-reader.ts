import type { Size } from '../geometry/size.js';
import type { Detection } from './detection.js';

/** One output of a detector: a table of `rows` candidates with `columns` values each. */
export interface ExpectedOutput {
  /** What it holds, for messages. */
  readonly holds: string;
  readonly rows: number;
  readonly columns: number;
  /** Every value is a probability, so one outside 0..1 shows that the output is something else. */
  readonly probability: boolean;
}

/** How a family of detectors writes its answer. */
export interface OutputReader {
  /** Sides of the network's input are multiples of this, pixels. */
  readonly multipleOf: number;
  readonly givesPoints: boolean;
  /** What the network returns for an input of this size, in the order of the manifest's outputs. */
  expected(input: Size): readonly ExpectedOutput[];
  /**
   * Detections in pixels of the network's input, in the network's order, before non-maximum suppression. Boxes may
   * reach past the edges; those without an area and those with a value that is not finite are left out.
   *
   * @param outputs of the lengths that `expected` states.
   */
  read(outputs: readonly Float32Array[], input: Size, minScore: number): Detection[];
}
