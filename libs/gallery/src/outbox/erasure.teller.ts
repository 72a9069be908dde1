import { eventsOfErasure, type OutboxMark, type ReceiptDocument } from '@facelane/contracts';
import type { EventOutbox, OpenReceipt, OutboxMarks, ReceiptsRegistry } from '@facelane/registry';

type ErasureMark = Extract<OutboxMark, { kind: 'erasure' }>;

/** A receipt is written as soon as its mark is there; one that is not there after this long never will be, milliseconds. */
const GIVEN_UP_MS = 3_600_000;

/** Files the receipt of an erasure and tells it; a mark keeps whose it is until then, for a receipt names nobody. */
export class ErasureTeller {
  constructor(
    private readonly receipts: Pick<ReceiptsRegistry, 'write' | 'find'>,
    private readonly marks: Pick<OutboxMarks, 'put' | 'remove'>,
    private readonly outbox: Pick<EventOutbox, 'append'>,
  ) {}

  async file(receipt: OpenReceipt, people: ReadonlySet<string>): Promise<ReceiptDocument> {
    const { tenant, id, collection, completedAt: at } = receipt;
    const mark: ErasureMark = {
      ...{ version: 1, kind: 'erasure', tenant, id, collection, at },
      ...{ receiptId: id, people: [...people] },
    };
    await this.marks.put(mark);
    const filed = await this.receipts.write(receipt);
    await this.tell(mark, filed);
    return filed;
  }

  /** The mark goes when it is told, or when nobody will ever write its receipt: then the erasure is asked for again. */
  async tell(mark: ErasureMark, found?: ReceiptDocument): Promise<void> {
    const receipt = found ?? (await this.receipts.find(mark.tenant, mark.receiptId));
    if (receipt === undefined && Date.now() - Date.parse(mark.at) < GIVEN_UP_MS) return;
    if (receipt !== undefined) await this.outbox.append(mark.tenant, eventsOfErasure(receipt, mark.people));
    await this.marks.remove(mark);
  }
}
