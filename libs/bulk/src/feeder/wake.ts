/** Lets one loop sleep until somebody says that there is something to do; a call made while it is awake is not lost. */
export class Wake {
  private called = false;
  private sleeper: (() => void) | undefined;

  readonly call = (): void => {
    this.called = true;
    this.sleeper?.();
  };

  /** Resolves at the next call, at once when there was one since the last time, and after `ms` in any case. */
  async sleep(ms: number): Promise<void> {
    if (!this.called) {
      const woken = Promise.withResolvers<undefined>();
      this.sleeper = () => woken.resolve(undefined);
      const timer = setTimeout(this.sleeper, ms);
      await woken.promise;
      clearTimeout(timer);
      this.sleeper = undefined;
    }
    this.called = false;
  }
}
