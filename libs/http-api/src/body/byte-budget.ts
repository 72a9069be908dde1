interface Waiting {
  readonly bytes: number;
  readonly admit: () => void;
}

/**
 * Bytes that may be held in memory at once, over all requests. Who finds none left waits, in order: a burst of uploads
 * is slowed down, never refused, and cannot use up the memory. Nothing is read from the network meanwhile.
 */
export class ByteBudget {
  private free: number;
  private readonly queue: Waiting[] = [];

  constructor(private readonly total: number) {
    this.free = total;
  }

  /** Runs `work` with `bytes` of the budget; more than there are in all count as all of them. */
  async with<T>(bytes: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const share = Math.min(bytes, this.total);
    await this.take(share, signal);
    try {
      return await work();
    } finally {
      this.free += share;
      this.admitWaiting();
    }
  }

  private async take(bytes: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.queue.length === 0 && bytes <= this.free) {
      this.free -= bytes;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const waiting: Waiting = { bytes, admit: () => resolve(undefined) };
    const leave = (): void => {
      const at = this.queue.indexOf(waiting);
      if (at === -1) return;
      this.queue.splice(at, 1);
      this.admitWaiting();
      reject(signal.reason as Error);
    };
    this.queue.push(waiting);
    signal.addEventListener('abort', leave, { once: true });
    await promise.finally(() => signal.removeEventListener('abort', leave));
  }

  private admitWaiting(): void {
    for (let next = this.queue[0]; next !== undefined && next.bytes <= this.free; next = this.queue[0]) {
      this.queue.shift();
      this.free -= next.bytes;
      next.admit();
    }
  }
}
