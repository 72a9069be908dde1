import type { LedgerEntry } from '@facelane/contracts';
import { SourceLines } from '../feeder/source.lines.js';
import type { BulkPhoto, SourceItem } from '../source/source.item.js';

/** Looks items up in the list they came from. Asked in the order of the lines, so that one reading serves all. */
export class ListedPhotos {
  private readonly lines: SourceLines;
  private next: SourceItem | undefined;

  constructor(source: AsyncIterable<SourceItem>) {
    this.lines = new SourceLines(source);
  }

  /** What stands on the entry's line now, if that is the same item. */
  async photoOf({ line, item }: Pick<LedgerEntry, 'line' | 'item'>): Promise<BulkPhoto | undefined> {
    while (this.next === undefined || this.next.line < line) {
      [this.next] = await this.lines.next(1);
      if (this.next === undefined) return undefined;
    }
    const found = this.next;
    return found.line === line && 'item' in found && found.item.name === item ? found.item : undefined;
  }

  async close(): Promise<void> {
    await this.lines.close();
  }
}
