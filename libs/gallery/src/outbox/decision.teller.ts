import { randomUUID } from 'node:crypto';
import { eventsOfLastChange, type OutboxMark, type ResultDocument } from '@facelane/contracts';
import type { AssetKey, AssetsRegistry, EventOutbox, OutboxMarks } from '@facelane/registry';

type DecisionMark = Extract<OutboxMark, { kind: 'decision' }>;

/** Tells what somebody said of faces; a mark says so before, for whoever comes after somebody who died in between. */
export class DecisionTeller {
  constructor(
    private readonly assets: Pick<AssetsRegistry, 'findAsset' | 'findResult'>,
    private readonly marks: Pick<OutboxMarks, 'put' | 'remove'>,
    private readonly outbox: Pick<EventOutbox, 'append'>,
  ) {}

  /**
   * Has the result changed, and tells what that changed. Resolves to what `change` resolves to.
   *
   * @param change - gets the time that the change is to bear, ISO datetime
   */
  async told(
    { tenant, collection, assetId }: AssetKey,
    change: (now: string) => Promise<ResultDocument | undefined>,
  ): Promise<ResultDocument | undefined> {
    const at = new Date().toISOString();
    const mark: DecisionMark = { version: 1, kind: 'decision', tenant, id: randomUUID(), collection, assetId, at };
    await this.marks.put(mark);
    const result = await change(at);
    await this.tell(mark, result);
    return result;
  }

  /** Also what somebody else has changed since. The mark goes when it is told. */
  async tell(mark: DecisionMark, found?: ResultDocument): Promise<void> {
    const result = found ?? (await this.assets.findResult(mark));
    const externalId = (await this.assets.findAsset(mark))?.externalId;
    await this.outbox.append(mark.tenant, eventsOfLastChange(result, { since: mark.at, externalId }));
    await this.marks.remove(mark);
  }
}
