/** Speed is what it was lately: over this time, ms. Long enough to span a batch, short enough to follow a change. */
const WINDOW_MS = 10_000;
/** Samples closer together than this are merged, so that a million photos need no million samples. */
const STEP_MS = 250;

/** Items per second over the last ten seconds. */
export class RateMeter {
  private readonly samples: { at: number; done: number }[] = [];

  /** @param done items finished since the start, never falling. */
  record(at: number, done: number): void {
    const last = this.samples.at(-1);
    if (this.samples.length > 1 && last !== undefined && at - last.at < STEP_MS) last.done = done;
    else this.samples.push({ at, done });
    while (this.samples.length > 2 && at - this.samples[1]!.at >= WINDOW_MS) this.samples.shift();
  }

  /** Undefined before there is anything to tell. */
  perSecond(at: number): number | undefined {
    const [first] = this.samples;
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined || last.done === first.done || at <= first.at) return undefined;
    return ((last.done - first.done) * 1000) / (at - first.at);
  }
}
