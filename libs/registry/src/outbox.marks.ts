import { keys, type OutboxMark, outboxMarkSchema } from '@facelane/contracts';
import type { DocumentStore } from './document.store.js';

/** What may have happened without being told. */
export class OutboxMarks {
  constructor(private readonly documents: DocumentStore) {}

  async put(mark: OutboxMark): Promise<void> {
    await this.documents.write(keys.outboxMark(mark.tenant, mark.id), outboxMarkSchema, mark);
  }

  async remove({ tenant, id }: Pick<OutboxMark, 'tenant' | 'id'>): Promise<void> {
    await this.documents.remove(keys.outboxMark(tenant, id));
  }

  list(tenant: string): AsyncIterable<OutboxMark> {
    return this.documents.list(keys.outboxMarks(tenant), outboxMarkSchema);
  }
}
