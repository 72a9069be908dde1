import type { ObjectStore } from '@facelane/object-store';

export type Side = 'feeder' | 'erasure';

/**
 * Two who work on one store, each call of which is somebody's turn: so many calls of the one, then so many of the
 * other, whatever takes how long. Who is over leaves all turns to the other.
 */
export class Turns {
  private readonly rest: number[];
  private readonly over = new Set<Side>();
  private readonly waiting = new Set<() => void>();
  private side: Side = 'feeder';
  private left: number;
  private running = 0;
  private begun = false;

  /**
   * @param calls of the feeder before the erasure begins, then of the erasure, of the feeder and so on, 1 or more each;
   * who comes after the last of them goes on to his end
   * @param begin starts the erasure
   */
  constructor(
    [first = Infinity, ...rest]: readonly number[],
    private readonly begin: () => void,
  ) {
    this.left = first;
    this.rest = rest;
  }

  /** The store as that side has it. */
  store(side: Side, store: ObjectStore): ObjectStore {
    return new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        const call = (args: unknown[]): unknown => Reflect.apply(value, target, args);
        if (name === 'list') return (...args: unknown[]) => this.listed(side, call(args) as AsyncIterable<unknown>);
        return async (...args: unknown[]): Promise<unknown> => {
          // What is read for the body of a stream takes turns of its own; the object lands afterwards.
          if (name === 'putStream') args[1] = await collected(args[1] as AsyncIterable<unknown>);
          return this.take(side, () => call(args));
        };
      },
    });
  }

  end(side: Side): void {
    this.over.add(side);
    this.passOn();
  }

  /** A listing is one call. */
  private async *listed(side: Side, list: AsyncIterable<unknown>): AsyncGenerator {
    yield* await this.take(side, () => collected(list));
  }

  private async take<T>(side: Side, call: () => T): Promise<Awaited<T>> {
    while (this.side !== side || this.left <= 0) await new Promise<void>((resolve) => this.waiting.add(resolve));
    this.left -= 1;
    this.running += 1;
    try {
      return await call();
    } finally {
      this.running -= 1;
      this.passOn();
    }
  }

  private passOn(): void {
    if (this.running > 0 || (this.left > 0 && !this.over.has(this.side))) return;
    const next: Side = this.side === 'feeder' ? 'erasure' : 'feeder';
    if (this.over.has(next)) this.left = Infinity;
    else {
      this.side = next;
      this.left = this.rest.shift() ?? Infinity;
    }
    if (this.side === 'erasure' && !this.begun) {
      this.begun = true;
      this.begin();
    }
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }
}

/** All of it, read now. */
async function collected(list: AsyncIterable<unknown>): Promise<AsyncIterable<unknown>> {
  const found: unknown[] = [];
  for await (const one of list) found.push(one);
  return (async function* () {
    await Promise.resolve();
    yield* found;
  })();
}
