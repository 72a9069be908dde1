import { mayReadObject } from '@facelane/bulk';
import type { SourceBucket } from '@facelane/config';
import { keys, type Source } from '@facelane/contracts';
import { ProblemError } from '../problem/problem.error.js';
import type { PhotoInput } from '../schemas/photo.schema.js';

/** Which objects a caller may name as photos. The workers could read every one of them, so the API must say no. */
export class SourcePolicy {
  constructor(
    /** The bucket of this deployment, where every tenant's documents lie. */
    private readonly ownBucket: string,
    private readonly allowed: readonly SourceBucket[],
  ) {}

  /** @throws ProblemError API.SOURCE_NOT_ALLOWED */
  sourceOf(tenant: string, photo: Exclude<PhotoInput, { kind: 'bytes' }>): Source {
    if (photo.kind === 'url') return { kind: 'url', url: photo.url };
    const { bucket, key } = photo;
    if (this.mayRead(tenant, bucket, key)) return { kind: 'object', bucket, key };
    // The same for what exists and what does not: an answer must not tell whether somebody else's object is there.
    throw new ProblemError(
      'API.SOURCE_NOT_ALLOWED',
      `Your tenant may not use objects of s3://${bucket} under that key.`,
    );
  }

  /**
   * For everything below a prefix.
   *
   * @throws ProblemError API.SOURCE_NOT_ALLOWED
   */
  requirePrefix(tenant: string, bucket: string, prefix: string): void {
    // A short prefix of our own bucket would have the documents of every tenant below it.
    const holdsDocuments = bucket === this.ownBucket && keys.tenants().startsWith(prefix);
    if (!holdsDocuments && this.mayRead(tenant, bucket, prefix)) return;
    throw new ProblemError(
      'API.SOURCE_NOT_ALLOWED',
      `Your tenant may not use objects of s3://${bucket} below that prefix.`,
    );
  }

  /** Whether the tenant may name the object. */
  mayRead(tenant: string, bucket: string, key: string): boolean {
    return mayReadObject({ ownBucket: this.ownBucket, allowed: this.allowed }, { tenant, bucket, key });
  }
}
