const FIRST_MS = 2_000;
const LONGEST_MS = 60_000;

/** Which jobs rest after a failure, each time twice as long: a server that is away is not asked all the time. */
export class Pauses {
  private readonly pauses = new Map<string, { readonly ms: number; readonly until: number }>();

  has(id: string): boolean {
    return performance.now() < (this.pauses.get(id)?.until ?? 0);
  }

  /** Returns how long it rests now, milliseconds. */
  begin(id: string): number {
    const ms = Math.min(LONGEST_MS, 2 * (this.pauses.get(id)?.ms ?? FIRST_MS / 2));
    this.pauses.set(id, { ms, until: performance.now() + ms });
    return ms;
  }

  clear(id: string): void {
    this.pauses.delete(id);
  }
}
