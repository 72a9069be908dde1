import { type BulkProgressDocument, StageError } from '@facelane/contracts';
import type { SourceItem } from '../source/source.item.js';

/** Reads a source some items at a time. */
export class SourceLines {
  private readonly iterator: AsyncIterator<SourceItem>;
  private over = false;
  private why: BulkProgressDocument['failure'];

  constructor(source: AsyncIterable<SourceItem>) {
    this.iterator = source[Symbol.asyncIterator]();
  }

  /** Whether there is nothing more to read. */
  get done(): boolean {
    return this.over;
  }

  /** Why reading ended before the source did. */
  get failure(): BulkProgressDocument['failure'] {
    return this.why;
  }

  /**
   * Up to `count` items; fewer only at the end. A failure that trying again cannot help is an end too.
   * @throws StageError for one that it can
   */
  async next(count: number): Promise<SourceItem[]> {
    const items: SourceItem[] = [];
    while (items.length < count && !this.over) {
      try {
        const step = await this.iterator.next();
        if (step.done === true) this.over = true;
        else items.push(step.value);
      } catch (error) {
        if (!(error instanceof StageError) || error.retry !== 'never') throw error;
        const { code, message, remedy } = error;
        this.over = true;
        this.why = { code, message, remedy };
      }
    }
    return items;
  }

  /** Lets go of what reading holds open. */
  async close(): Promise<void> {
    await this.iterator.return?.();
  }
}
