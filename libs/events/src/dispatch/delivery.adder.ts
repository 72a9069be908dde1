import type { DELIVERIES, DeliveryJob } from '@facelane/contracts';
import type { EventLog, StageQueues, Withdrawals } from '@facelane/queue';

/** Jobs that are added in one step. */
const CHUNK = 500;

export interface AdderParts {
  readonly log: Pick<EventLog, 'forgotten'>;
  readonly queues: Pick<StageQueues<typeof DELIVERIES>, 'add'>;
  readonly withdrawals: Pick<Withdrawals, 'withdraw'>;
}

export interface AddWish {
  readonly signal?: AbortSignal;
  /** Earliest start, in milliseconds from now. Default 0. */
  readonly delayMs?: number;
}

/**
 * Puts deliveries on the queue. An erasure takes events out of the log and then deliveries off the queue: one that is added
 * behind its back, of an event that was read before, is taken back here. So either of the two sees what the other did.
 */
export class DeliveryAdder {
  constructor(private readonly parts: AdderParts) {}

  /** @throws the reason of `signal` when it aborts; some of them are on the queue then. */
  async add(tenant: string, jobs: readonly DeliveryJob[], { signal, delayMs = 0 }: AddWish = {}): Promise<void> {
    const { log, queues, withdrawals } = this.parts;
    for (let start = 0; start < jobs.length; start += CHUNK) {
      signal?.throwIfAborted();
      const chunk = jobs.slice(start, start + CHUNK);
      await queues.add('delivery', chunk, { delayMs });
      // Others have ids alone, of which the log gives nothing that it has forgotten.
      const withBodies = chunk.flatMap((job) => ('eventIds' in job ? [] : [job]));
      if (withBodies.length === 0) continue;
      const gone = new Set(await log.forgotten(tenant, [...new Set(withBodies.map(({ eventId }) => eventId))]));
      for (const { assetId, eventId } of withBodies) if (gone.has(eventId)) await withdrawals.withdraw(assetId);
    }
  }
}
