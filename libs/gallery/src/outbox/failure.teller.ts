import { randomUUID } from 'node:crypto';
import {
  eventsOfResult,
  type FailedResult,
  type OutboxMark,
  type ResultDocument,
  type ToldFacts,
} from '@facelane/contracts';
import type { AssetsRegistry, EventOutbox, OutboxMarks } from '@facelane/registry';

type FailureMark = Extract<OutboxMark, { kind: 'failure' }>;

/**
 * Files that an asset failed for good, and tells it. Nobody tries its job again, so a mark says before that this is to be told, and
 * what the job knew of the asset: the sweep tells what could not be told here.
 */
export class FailureTeller {
  constructor(
    private readonly assets: Pick<AssetsRegistry, 'findResult' | 'writeResult'>,
    private readonly marks: Pick<OutboxMarks, 'put' | 'remove'>,
    private readonly outbox: Pick<EventOutbox, 'append'>,
  ) {}

  async file(result: FailedResult, facts: ToldFacts): Promise<void> {
    const { tenant, collection, assetId, submittedAt } = result;
    const mark: FailureMark = {
      ...{ version: 1, kind: 'failure', tenant, id: randomUUID(), collection, assetId, submittedAt, facts },
      at: new Date().toISOString(),
    };
    await this.marks.put(mark);
    await this.assets.writeResult(result);
    await this.tell(mark, result);
  }

  /** The mark goes when it is told, and when the asset came to another end since. */
  async tell(mark: FailureMark, found?: ResultDocument): Promise<void> {
    const result = found ?? (await this.assets.findResult(mark));
    if (result?.state === 'failed' && result.submittedAt === mark.submittedAt) {
      await this.outbox.append(mark.tenant, eventsOfResult(result, mark.facts));
    }
    await this.marks.remove(mark);
  }
}
