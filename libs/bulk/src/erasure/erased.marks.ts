import { createHash } from 'node:crypto';
import { type BulkJobDocument, keys } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';

type JobKey = Pick<BulkJobDocument, 'tenant' | 'id'>;

const BODY = new Uint8Array();

/**
 * Says with a job that has not ended who was erased while it ran. A mark names nobody: it is an empty object called
 * after a digest, which only who knows the person's id can tell.
 */
export class ErasedMarks {
  constructor(private readonly store: Pick<ObjectStore, 'put' | 'list' | 'delete'>) {}

  /** That they are there already is fine. */
  async put({ tenant, id }: JobKey, people: ReadonlySet<string>): Promise<void> {
    for (const personId of people) {
      const key = keys.bulkErased(tenant, id, digestOf({ tenant, id }, personId));
      await this.store.put(key, BODY, { contentType: 'text/plain' });
    }
  }

  /** The digests of all; one listing, nothing is read. */
  async find({ tenant, id }: JobKey): Promise<ReadonlySet<string>> {
    const prefix = keys.bulkErasedPeople(tenant, id);
    const digests = new Set<string>();
    for await (const { key } of this.store.list(prefix)) digests.add(key.slice(prefix.length));
    return digests;
  }

  /** Takes all of them away: nobody writes for the job any more. */
  async clear({ tenant, id }: JobKey): Promise<void> {
    for (const digest of await this.find({ tenant, id })) await this.store.delete(keys.bulkErased(tenant, id, digest));
  }
}

/** The job's id is its salt: the marks of two jobs do not tell that they are about the same person. */
export function digestOf({ tenant, id }: JobKey, personId: string): string {
  return createHash('sha256').update(`bulk-erased:${tenant}:${id}:${personId}`).digest('hex');
}
