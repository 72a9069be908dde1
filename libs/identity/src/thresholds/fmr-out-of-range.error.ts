/** A false match rate was asked for at which no cosine was measured, and none is guessed. */
export class FmrOutOfRangeError extends RangeError {
  override readonly name = 'FmrOutOfRangeError';

  constructor(
    readonly fmr: number,
    /** The rates between which there is an answer; absent when nothing was measured at all. */
    readonly range: { readonly lowest: number; readonly highest: number } | undefined,
  ) {
    super(
      range === undefined
        ? 'The model contract states no cosine at any false match rate.'
        : `No cosine was measured at a false match rate of ${fmr}; ask for ${range.lowest.toExponential()} to ${range.highest.toExponential()}.`,
    );
  }
}
