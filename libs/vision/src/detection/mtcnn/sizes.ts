export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Side of the square that one answer of the proposal network is about. */
export const PROPOSAL_SIDE = 12;
/** Pixels from one such square to the next. */
export const PROPOSAL_STEP = 2;
/** Side of what the second and third network are given. */
export const REFINEMENT_SIDE = 24;
export const OUTPUT_SIDE = 48;

/** Answers of the proposal network along a side of its picture: a convolution of 3, a pooling by 2, two convolutions of 3. */
export const proposalsAlong = (side: number): number => Math.ceil((side - 2) / 2) - 4;
