import { createHash, randomBytes } from 'node:crypto';
import { keys, type SuppressionDocument, suppressionDocumentSchema } from '@facelane/contracts';
import type { DocumentStore } from '../document.store.js';

/** What may be kept from coming back. Each given value counts for itself. */
export interface Suppressed {
  readonly personId?: string | undefined;
  readonly externalId?: string | undefined;
  /** Of an enrolment photo. */
  readonly sha256?: string | undefined;
}

const KINDS = ['personId', 'externalId', 'sha256'] as const;
const SALT_BYTES = 32;

/**
 * Whom and what not to take back after an erasure, as salted digests: the list answers whether somebody at hand is on
 * it, and cannot be read for who is.
 */
export class SuppressionsRegistry {
  constructor(private readonly documents: DocumentStore) {}

  /** Whether any of the given values is on the list. */
  async has(tenant: string, collection: string, given: Suppressed): Promise<boolean> {
    const list = await this.documents.read(keys.suppression(tenant, collection), suppressionDocumentSchema);
    if (list === undefined) return false;
    const known = new Set(list.digests);
    return digestsOf(list.salt, given).some((digest) => known.has(digest));
  }

  /** Two additions at once lose neither; what is on the list already changes nothing. */
  async add(tenant: string, collection: string, given: readonly Suppressed[]): Promise<void> {
    if (given.length === 0) return;
    const fresh: SuppressionDocument = { version: 1, salt: randomBytes(SALT_BYTES).toString('hex'), digests: [] };
    await this.documents.update(keys.suppression(tenant, collection), suppressionDocumentSchema, (current) => {
      const list = current ?? fresh;
      const known = new Set(list.digests);
      for (const each of given) for (const digest of digestsOf(list.salt, each)) known.add(digest);
      // Sorted, so that the order does not tell what was added together.
      return known.size === current?.digests.length ? current : { ...list, digests: [...known].sort() };
    });
  }

  /** Takes the guard away with its collection. Returns whether there was one. */
  async remove(tenant: string, collection: string): Promise<boolean> {
    return this.documents.remove(keys.suppression(tenant, collection));
  }
}

function digestsOf(salt: string, given: Suppressed): string[] {
  return KINDS.flatMap((kind) => {
    const value = given[kind];
    return value === undefined ? [] : [createHash('sha256').update(`${salt}:${kind}:${value}`).digest('hex')];
  });
}
