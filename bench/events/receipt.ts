/** A delivery that arrived: where, which event, and when, as `now()` says it. */
export interface Receipt {
  readonly path: string;
  readonly id: string;
  readonly at: number;
}

/** Milliseconds since 1970 with fractions: the same in every process of this machine. */
export const now = (): number => performance.timeOrigin + performance.now();
