import type { OutboxMark } from '@facelane/contracts';
import type { CollectionsRegistry, OutboxMarks } from '@facelane/registry';
import type { DecisionTeller } from './decision.teller.js';
import type { ErasureTeller } from './erasure.teller.js';
import type { FailureTeller } from './failure.teller.js';

/** What is marked is told at once; whoever has not told it by then is dead or cannot reach the log, milliseconds. */
const LEFT_MS = 60_000;

/** Tells what others did and could not tell any more. Telling it twice is telling it once. */
export class OutboxSweeper {
  constructor(
    private readonly collections: Pick<CollectionsRegistry, 'tenants'>,
    private readonly marks: Pick<OutboxMarks, 'list'>,
    private readonly decisions: Pick<DecisionTeller, 'tell'>,
    private readonly erasures: Pick<ErasureTeller, 'tell'>,
    private readonly failures: Pick<FailureTeller, 'tell'>,
  ) {}

  /** Resolves to how many marks were looked at. */
  async sweep(now: Date): Promise<number> {
    let count = 0;
    for await (const tenant of this.collections.tenants()) {
      for await (const mark of this.marks.list(tenant)) {
        if (now.getTime() - Date.parse(mark.at) < LEFT_MS) continue;
        await this.tell(mark);
        count += 1;
      }
    }
    return count;
  }

  private async tell(mark: OutboxMark): Promise<void> {
    switch (mark.kind) {
      case 'decision':
        return this.decisions.tell(mark);
      case 'erasure':
        return this.erasures.tell(mark);
      case 'failure':
        return this.failures.tell(mark);
    }
  }
}
