interface Waiting {
  readonly bytes: number;
  readonly owner: string | undefined;
  readonly admit: () => void;
}

/** Of the whole, for one owner: what is left takes a large upload of somebody else. */
const LARGEST_SHARE = 3 / 4;

/**
 * Bytes that may be held in memory at once, over all requests. Who finds none left waits, in order: a burst of uploads
 * is slowed down, never refused, and cannot use up the memory. Nothing is read from the network meanwhile.
 *
 * An owner who holds his share waits for himself alone, and others pass him: uploads that are begun and never sent hold
 * up nobody but whose they are.
 */
export class ByteBudget {
  private free: number;
  private readonly queue: Waiting[] = [];
  /** Bytes by owner; who holds none is not in it. */
  private readonly held = new Map<string, number>();

  constructor(private readonly total: number) {
    this.free = total;
  }

  /**
   * Runs `work` with `bytes` of the budget; more than there are in all count as all of them.
   *
   * @param owner whose they are; for nobody's there is no share.
   */
  async with<T>(bytes: number, signal: AbortSignal, work: () => Promise<T>, owner?: string): Promise<T> {
    const share = Math.min(bytes, this.total);
    await this.take(share, owner, signal);
    try {
      return await work();
    } finally {
      this.count(owner, -share);
      this.admitWaiting();
    }
  }

  private async take(bytes: number, owner: string | undefined, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const waiting: Waiting = { bytes, owner, admit: () => resolve(undefined) };
    const leave = (): void => {
      const at = this.queue.indexOf(waiting);
      if (at === -1) return;
      this.queue.splice(at, 1);
      this.admitWaiting();
      reject(signal.reason as Error);
    };
    this.queue.push(waiting);
    this.admitWaiting();
    signal.addEventListener('abort', leave, { once: true });
    await promise.finally(() => signal.removeEventListener('abort', leave));
  }

  /** Everybody up to the first whose bytes are not there, but those who have their share. */
  private admitWaiting(): void {
    for (const waiting of [...this.queue]) {
      if (this.hasShare(waiting)) continue;
      if (waiting.bytes > this.free) return;
      this.queue.splice(this.queue.indexOf(waiting), 1);
      this.count(waiting.owner, waiting.bytes);
      waiting.admit();
    }
  }

  /** A single body may be larger than a share. */
  private hasShare({ owner, bytes }: Waiting): boolean {
    const held = this.heldBy(owner);
    return held > 0 && held + bytes > this.total * LARGEST_SHARE;
  }

  private count(owner: string | undefined, bytes: number): void {
    this.free -= bytes;
    if (owner === undefined) return;
    const held = this.heldBy(owner) + bytes;
    if (held > 0) this.held.set(owner, held);
    else this.held.delete(owner);
  }

  private heldBy(owner: string | undefined): number {
    return owner === undefined ? 0 : (this.held.get(owner) ?? 0);
  }
}
