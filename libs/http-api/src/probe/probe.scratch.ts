import { decodeProbeAnswer, keys, probeAnswerKey, probePhotoKey, type Source, StageError } from '@facelane/contracts';
import type { ObjectStore } from '@facelane/object-store';
import type { ProbeAnswer } from './probe.question.js';

/** What questions lay down in the object store for a moment. */
export class ProbeScratch {
  constructor(private readonly store: ObjectStore) {}

  async keepPhoto(tenant: string, probeId: string, bytes: Uint8Array, signal: AbortSignal): Promise<Source> {
    const key = probePhotoKey(tenant, probeId);
    await this.store.put(key, bytes, { contentType: 'application/octet-stream', signal });
    return { kind: 'object', bucket: this.store.bucket, key };
  }

  /** Undefined while there is none. */
  async answer(tenant: string, probeId: string, signal: AbortSignal): Promise<ProbeAnswer | undefined> {
    try {
      const { body } = await this.store.get(probeAnswerKey(tenant, probeId), { signal });
      const { header, vectors } = decodeProbeAnswer(body);
      const { photo, faces, droppedFaces, dimension } = header;
      return { photo, faces, droppedFaces, vectors: dimension === 0 ? [] : vectors };
    } catch (error) {
      if (error instanceof StageError && error.code === 'STORE.MISSING') return undefined;
      throw error;
    }
  }

  async clear(tenant: string, probeId: string): Promise<void> {
    await Promise.all([
      this.store.delete(probePhotoKey(tenant, probeId)),
      this.store.delete(probeAnswerKey(tenant, probeId)),
    ]);
  }

  /** Removes what was written before that time. Resolves to how many objects. */
  async sweep(tenant: string, before: Date): Promise<number> {
    let removed = 0;
    for await (const { key, lastModified } of this.store.list(keys.scratches(tenant))) {
      if (lastModified >= before) continue;
      await this.store.delete(key);
      removed += 1;
    }
    return removed;
  }
}
