/** When a search compares 8-bit copies first. */
export interface CoarseOptions {
  /** Points of one kind in a collection above which it does. Default 10 000: below, the exact scan takes 10 ms. Infinity: never. */
  readonly above: number;
  /** Queries that are answered by the exact scan before copies are made, which costs about as much as so many. Default 6. */
  readonly after: number;
  /** Memory for copies of all partitions together, in bytes; those least recently searched make room. Default 256 MiB. */
  readonly maxBytes: number;
}

export const DEFAULT_COARSE: CoarseOptions = { above: 10_000, after: 6, maxBytes: 256 * 1024 * 1024 };
