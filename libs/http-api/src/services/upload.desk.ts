import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { keys } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import { ProblemError } from '../problem/problem.error.js';

export interface UploadWish {
  readonly contentType: string;
  readonly expiresInSeconds: number;
}

export interface OpenUpload {
  readonly url: string;
  readonly method: 'PUT';
  readonly headers: Record<string, string>;
  readonly expiresAt: string;
  readonly source: { readonly bucket: string; readonly key: string };
}

/** An address of ours that stands in for a presigned one. */
export interface SignedUpload {
  readonly tenant: string;
  readonly uploadId: string;
  readonly type: string;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly signature: string;
}

/**
 * Gives out addresses to upload to: the store's own where it presigns, else ours, signed, so that callers do the same
 * whatever store is behind.
 */
export class UploadDesk {
  constructor(
    private readonly store: ObjectStore,
    /** Signs our own addresses. */
    private readonly secret: Uint8Array,
    private readonly now: () => number = Date.now,
  ) {}

  async open(tenant: string, { contentType, expiresInSeconds }: UploadWish): Promise<OpenUpload> {
    const uploadId = randomUUID();
    const key = keys.upload(tenant, uploadId);
    const expires = Math.floor(this.now() / 1000) + expiresInSeconds;
    const { presign } = await this.store.capabilities();
    const url = presign
      ? await this.store.presignPut(key, { contentType, expiresInSeconds })
      : this.ownAddress({ tenant, uploadId, type: contentType, expires });
    return {
      ...{ url, method: 'PUT', headers: { 'content-type': contentType } },
      expiresAt: new Date(expires * 1000).toISOString(),
      source: { bucket: this.store.bucket, key },
    };
  }

  /** Needs no photo: who has no address is told so before his photo is read. @throws ProblemError API.UPLOAD_REFUSED */
  check(upload: SignedUpload): void {
    const expected = Buffer.from(this.sign(upload), 'hex');
    if (!timingSafeEqual(expected, Buffer.from(upload.signature, 'hex'))) {
      throw new ProblemError('API.UPLOAD_REFUSED', 'The address was not given out like this.');
    }
    if (upload.expires * 1000 <= this.now()) {
      throw new ProblemError('API.UPLOAD_REFUSED', 'The address has expired.');
    }
  }

  /** @throws ProblemError API.UPLOAD_REFUSED */
  async take(upload: SignedUpload, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    this.check(upload);
    await this.store.put(keys.upload(upload.tenant, upload.uploadId), bytes, { contentType: upload.type, signal });
  }

  private ownAddress(upload: Omit<SignedUpload, 'signature'>): string {
    const { tenant, uploadId, type, expires } = upload;
    const query = new URLSearchParams({ type, expires: String(expires), signature: this.sign(upload) });
    return `/v1/uploads/${tenant}/${uploadId}?${query.toString()}`;
  }

  private sign({ tenant, uploadId, type, expires }: Omit<SignedUpload, 'signature'>): string {
    return createHmac('sha256', this.secret)
      .update(JSON.stringify([tenant, uploadId, type, expires]))
      .digest('hex');
  }
}
