import type { LedgerEntry } from '@facelane/contracts';

/** Items between the first that is not accounted for and the last that was read, at most. More than any window. */
export const MAX_OPEN_ITEMS = 2_000;

/** An item that was read and is not accounted for yet. */
export interface OpenItem {
  /** Where reading goes on after it. */
  readonly cursor: string;
  entry?: LedgerEntry;
}

/** Consecutive items that have ended. */
export interface EndedItems {
  readonly entries: readonly LedgerEntry[];
  /** Of the last of them. */
  readonly cursor: string;
}

/** Items in the order of the source. They end in any order; accounts are kept of those before which none is open. */
export class OpenItems {
  private readonly items: OpenItem[] = [];
  private endedFromStart = 0;

  /** Items that may be read now. */
  get room(): number {
    return MAX_OPEN_ITEMS - this.items.length;
  }

  /** Items from the first on that have ended. */
  get ended(): number {
    while (this.items[this.endedFromStart]?.entry !== undefined) this.endedFromStart += 1;
    return this.endedFromStart;
  }

  open(cursor: string): OpenItem {
    const item = { cursor };
    this.items.push(item);
    return item;
  }

  /** The first `count` items, of those that have ended; they are open no more. */
  take(count: number): EndedItems {
    const taken = this.items.splice(0, Math.min(count, this.ended));
    this.endedFromStart -= taken.length;
    return { entries: taken.map(({ entry }) => entry!), cursor: taken.at(-1)!.cursor };
  }
}
