import { type DeliveryAttempt, deliveryAttemptSchema, type EventType } from '@facelane/contracts';
import type { ErasurePlace } from '@facelane/gallery';
import type { AttemptLog, EventLog } from '@facelane/queue';
import type { WebhooksRegistry } from '@facelane/registry';

const ERASED: EventType = 'person.erased';

/** Takes erased people out of what is kept of webhook endpoints: filters, which name people by id, and attempts. */
export class WebhookEraser implements ErasurePlace {
  constructor(
    private readonly webhooks: Pick<WebhooksRegistry, 'all' | 'forgetPeople'>,
    private readonly attempts: Pick<AttemptLog, 'deleteWhere'>,
    private readonly log: Pick<EventLog, 'find'>,
  ) {}

  /**
   * Filters belong to the tenant and may name people of any collection; ids are unique across them. Attempts are not
   * counted: deliveries go on meanwhile, and an erasure ends when there is nothing to count.
   */
  async erase({ tenant }: { readonly tenant: string }, people: ReadonlySet<string>): Promise<number> {
    const count = await this.webhooks.forgetPeople(tenant, people);
    for (const { id } of await this.webhooks.all(tenant)) await this.eraseAttempts(tenant, id, people);
    return count;
  }

  /**
   * What a receiver answered may say anything of whom the event told of. So an attempt goes with its event; whom one told
   * of that the log has no more is not known, and goes too.
   */
  private async eraseAttempts(tenant: string, endpointId: string, people: ReadonlySet<string>): Promise<void> {
    const parse = (entry: unknown): DeliveryAttempt => deliveryAttemptSchema.parse(entry);
    await this.attempts.deleteWhere(endpointId, parse, async (attempts) => {
      const ids = [...new Set(attempts.map(({ eventId }) => eventId))];
      const kept = new Set((await this.log.find(tenant, ids)).map(({ id }) => id));
      return ({ eventId, type, excerpt = '' }) =>
        (type !== ERASED && !kept.has(eventId)) || [...people].some((id) => excerpt.includes(id));
    });
  }
}
