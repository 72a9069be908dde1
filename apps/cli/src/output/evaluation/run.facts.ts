/** When an evaluation was run, and how long it took. */
export interface RunFacts {
  /** ISO time. */
  readonly createdAt: string;
  /** From reading the lists to the last figure. */
  readonly seconds: number;
}
