import type { EventConsumer, EventConsumers } from '@facelane/queue';
import { ProblemError } from '../../problem/problem.error.js';
import type { CommitBody } from '../../schemas/event.schema.js';

/** Consumers of a tenant, beside those of the product itself. */
const MOST_CONSUMERS = 100;
/** Names that begin so are the product's own; no caller's name can. */
const RESERVED = '_';

/** Readers whose cursors are kept for them. */
export class ConsumerDesk {
  constructor(private readonly consumers: EventConsumers) {}

  async list(tenant: string): Promise<EventConsumer[]> {
    return (await this.consumers.list(tenant)).filter(({ name }) => !name.startsWith(RESERVED));
  }

  /** @throws StageError EVENTS.CURSOR_EXPIRED, EVENTS.CURSOR_INVALID, EVENTS.CONSUMERS_FULL */
  async commit(
    tenant: string,
    name: string,
    { cursor, force }: CommitBody,
  ): Promise<EventConsumer & { readonly moved: boolean }> {
    const moved = await this.consumers.set(tenant, name, cursor, { force, most: MOST_CONSUMERS });
    return { name, moved, cursor: (moved ? undefined : await this.consumers.get(tenant, name)) ?? cursor };
  }

  /** @throws ProblemError API.CONSUMER_MISSING */
  async remove(tenant: string, name: string): Promise<EventConsumer> {
    const cursor = await this.consumers.get(tenant, name);
    if (cursor !== undefined && (await this.consumers.delete(tenant, name))) return { name, cursor };
    throw new ProblemError('API.CONSUMER_MISSING', `There is no consumer ${name}.`);
  }
}
