import { keys, type Source, StageError } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import type { PhotoInput } from '../schemas/photo.schema.js';
import type { SourcePolicy } from './source.policy.js';

/** Turns the photos of requests into sources that a worker can read. */
export class PhotoIntake {
  constructor(
    private readonly store: ObjectStore,
    private readonly policy: SourcePolicy,
    private readonly maxBytes: number,
  ) {}

  /**
   * Where a worker finds the photo. Uploaded bytes are stored first, under the given id.
   *
   * @throws ProblemError API.SOURCE_NOT_ALLOWED; StageError INGEST.EMPTY, INGEST.TOO_LARGE
   */
  async keep(tenant: string, photo: PhotoInput, uploadId: string, signal: AbortSignal): Promise<Source> {
    if (photo.kind === 'bytes') this.checked(photo.bytes);
    return this.keepAny(tenant, photo, uploadId, signal);
  }

  /** The same whatever the bytes are: a worker says what is wrong with them. @throws ProblemError API.SOURCE_NOT_ALLOWED */
  async keepAny(tenant: string, photo: PhotoInput, uploadId: string, signal: AbortSignal): Promise<Source> {
    if (photo.kind !== 'bytes') return this.policy.sourceOf(tenant, photo);
    const key = keys.upload(tenant, uploadId);
    await this.store.put(key, photo.bytes, { contentType: 'application/octet-stream', signal });
    return { kind: 'object', bucket: this.store.bucket, key };
  }

  /** Before any of several is stored. @throws ProblemError API.SOURCE_NOT_ALLOWED */
  requireAllowed(tenant: string, photos: readonly PhotoInput[]): void {
    for (const photo of photos) if (photo.kind !== 'bytes') this.policy.sourceOf(tenant, photo);
  }

  /** For a question: what the probe desk takes. Nothing is stored. @throws as `keep` */
  probe(tenant: string, photo: PhotoInput): { readonly source: Source } | { readonly bytes: Uint8Array } {
    return photo.kind === 'bytes'
      ? { bytes: this.checked(photo.bytes) }
      : { source: this.policy.sourceOf(tenant, photo) };
  }

  private checked(bytes: Uint8Array): Uint8Array {
    const { byteLength } = bytes;
    if (byteLength === 0) throw new StageError('INGEST.EMPTY', 'The photo has no bytes.');
    if (byteLength <= this.maxBytes) return bytes;
    throw new StageError('INGEST.TOO_LARGE', `The photo has ${byteLength} bytes; the limit is ${this.maxBytes}.`, {
      safeDetails: { bytes: byteLength, limit: this.maxBytes },
    });
  }
}
