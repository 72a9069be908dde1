/** Rings when something may have happened: whoever hears it looks. A ring that nobody listened to is heard next time. */
export class Bell {
  private rung = false;
  private wake: (() => void) | undefined;

  /** May be handed on as it is. */
  readonly ring = (): void => {
    this.rung = true;
    this.wake?.();
  };

  /** Resolves when it rings, at once if it did since the last time, or after so many milliseconds. */
  async heard(ms: number): Promise<void> {
    if (!this.rung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.wake = undefined;
    this.rung = false;
  }
}
