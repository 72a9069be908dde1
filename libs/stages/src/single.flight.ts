/** How the work of a flight ended for those who waited for it; undefined: not at all, and one of them does it. */
type Landed<T> = { readonly value: T } | undefined;

/**
 * Work that several runs of one process need at once is done by the first of them, and the others wait for it.
 *
 * What the others get is what was done, never a failure: that names the run that failed, and the others may not fail at
 * all. When the one who works fails or is told to stop, the next one does the work itself. Nobody waits longer than his
 * own signal lets him, nor for somebody who was told to stop, whether that one heeds it or not.
 */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Promise<Landed<T>>>();

  /**
   * `key` names the work, and `signal` is that of the run which `work` is done for.
   * @throws what `work` throws, or the reason of `signal`.
   */
  async run(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    for (;;) {
      signal.throwIfAborted();
      const flight = this.flights.get(key);
      if (flight === undefined) return this.lead(key, signal, work);
      const landed = await beforeAbort(flight, signal);
      if (landed !== undefined) return landed.value;
    }
  }

  private lead(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const working = work();
    const land = (landed: Landed<T>): Landed<T> => {
      // Before the first of those who wait looks again.
      this.flights.delete(key);
      return landed;
    };
    const flight = beforeAbort(working, signal).then(
      (value) => land({ value }),
      () => land(undefined),
    );
    this.flights.set(key, flight);
    return working;
  }
}

/** What the promise comes to, unless the signal is first: then it rejects with the reason. */
function beforeAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
