/** Ctrl-C or SIGTERM: an answer to the user's wish, not a failure. */
export class InterruptedError extends Error {
  override readonly name = 'AbortError';

  constructor() {
    super('Interrupted; what was on the belt is finished by the next run.');
  }
}
