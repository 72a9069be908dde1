/**
 * Thrown by a handler that may not begin yet: the job comes back after `afterMs` milliseconds and no attempt is used up.
 * No failure: nothing was tried.
 */
export class Postponement extends Error {
  override readonly name = 'Postponement';

  constructor(
    readonly afterMs: number,
    reason: string,
  ) {
    super(reason);
  }
}
