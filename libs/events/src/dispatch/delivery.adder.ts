import type { DELIVERIES, DeliveryJob } from '@facelane/contracts';
import type { EventLog, StageQueues, Withdrawals } from '@facelane/queue';

/** Jobs that are added in one step. */
const CHUNK = 500;

export interface AdderParts {
  readonly log: Pick<EventLog, 'forgotten'>;
  readonly queues: Pick<StageQueues<typeof DELIVERIES>, 'add'>;
  readonly withdrawals: Pick<Withdrawals, 'withdraw'>;
}

/**
 * Puts deliveries on the queue. An erasure takes events out of the log and then deliveries off the queue: one that is added
 * behind its back, of an event that was read before, is taken back here. So either of the two sees what the other did.
 */
export class DeliveryAdder {
  constructor(private readonly parts: AdderParts) {}

  /** @throws the reason of `signal` when it aborts; some of them are on the queue then. */
  async add(tenant: string, jobs: readonly DeliveryJob[], signal?: AbortSignal): Promise<void> {
    const { log, queues, withdrawals } = this.parts;
    for (let start = 0; start < jobs.length; start += CHUNK) {
      signal?.throwIfAborted();
      const chunk = jobs.slice(start, start + CHUNK);
      await queues.add('delivery', chunk);
      const gone = new Set(await log.forgotten(tenant, [...new Set(chunk.map(({ eventId }) => eventId))]));
      for (const { assetId, eventId } of chunk) if (gone.has(eventId)) await withdrawals.withdraw(assetId);
    }
  }
}
