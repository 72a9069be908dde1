/** What the threads work on. The numbers are shared memory: nothing is copied for a task. */
export interface PairData {
  /** Unit vectors, count × dimension numbers. */
  readonly vectors: Float32Array;
  readonly dimension: number;
  /** Per vector, the number of the person it is of, from 0. */
  readonly people: Int32Array;
  /** How often each score occurred, in SCORE_BINS bins; all threads count here. */
  readonly genuine: Uint32Array;
  readonly impostor: Uint32Array;
}

/** Rows of the triangle of all pairs: each of these vectors with every one after it. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Which pairs are wanted by name. */
export interface WantedPairs extends RowRange {
  /** Impostor pairs at or above this score. */
  readonly impostorFrom: number;
  /** Genuine pairs below this score. */
  readonly genuineBelow: number;
  /** For each, it is counted how many genuine pairs of each person reach it. */
  readonly thresholds: readonly number[];
}

/** Pairs of vectors by their numbers, in columns. */
export interface PairColumns {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly score: Float64Array;
}

export interface FoundPairs {
  readonly impostor: PairColumns;
  readonly genuine: PairColumns;
  /** Person, number of the threshold, and pairs that reach it, one after the other: only where there are any. */
  readonly accepted: Int32Array;
}

/** Every probe is compared with every vector of the gallery. */
export interface ProbeRange extends RowRange {
  /** The first `gallery` vectors are enrolled, one per person; the probes come after them. */
  readonly gallery: number;
}

/** Per probe of the range, in order. */
export interface ProbeScores {
  /** With the enrolled vector of the probe's own person; NaN when he has none. */
  readonly own: Float64Array;
  /** The best of all enrolled people. */
  readonly top: Float64Array;
  /** People whose score is at least as high as the own one, himself among them; 0 when he is not enrolled. */
  readonly rank: Int32Array;
}

/** The tasks by name: what each takes and gives. */
export interface PairTasks {
  readonly countPairs: { readonly input: RowRange; readonly output: undefined };
  readonly findPairs: { readonly input: WantedPairs; readonly output: FoundPairs };
  readonly searchProbes: { readonly input: ProbeRange; readonly output: ProbeScores };
}
