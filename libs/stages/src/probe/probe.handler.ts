import { createHash } from 'node:crypto';
import {
  encodeProbeAnswer,
  type ProbeAnswerHeader,
  probeAnswerKey,
  type ProbeJob,
  type ProbeOutput,
  sourceName,
  type StageContext,
} from '@facelane/contracts';
import { type ImageLimits, inspectImage } from '@facelane/imaging';
import { type ObjectStore } from '@facelane/object-store';
import { joinVectors } from '@facelane/vision';
import type { PhotoAnalyser } from '../photo.analyser.js';
import type { PhotoEmbedder } from '../photo.embedder.js';
import { requireContract } from '../require-contract.js';
import type { SourceReader } from '../source.reader.js';

interface Seen extends Pick<ProbeAnswerHeader, 'droppedFaces' | 'dimension'> {
  readonly faces: ProbeAnswerHeader['faces'];
  /** faces × dimension. */
  readonly vectors: Float32Array;
}

/** Answers a question about one photo. Nothing is stored but the answer, under a key that whoever asks removes. */
export class ProbeHandler {
  readonly stage = 'probe';

  constructor(
    private readonly sources: SourceReader,
    private readonly analyser: PhotoAnalyser,
    private readonly embedder: PhotoEmbedder,
    private readonly store: ObjectStore,
    private readonly limits: ImageLimits,
  ) {}

  readonly handle = async (job: ProbeJob, { signal }: StageContext): Promise<ProbeOutput> => {
    const { tenant, assetId: probeId, contract, source } = job;
    requireContract(this.analyser.contract, contract);
    const bytes = await this.sources.read(source, signal);
    const { format, width, height } = await inspectImage(bytes, this.limits, { subject: sourceName(source) });
    const { vectors, ...seen } = await this.look(job, bytes, signal);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const photo = { sha256, bytes: bytes.byteLength, format, width, height };
    const header: ProbeAnswerHeader = { version: 1, kind: 'probe', contract, probeId, photo, ...seen };
    const answer = encodeProbeAnswer(header, vectors);
    await this.store.put(probeAnswerKey(tenant, probeId), answer, { contentType: 'application/octet-stream', signal });
    return { assetId: probeId, faces: seen.faces.length };
  };

  private async look({ want, source, lane }: ProbeJob, bytes: Uint8Array, signal: AbortSignal): Promise<Seen> {
    const subject = sourceName(source);
    switch (want) {
      case 'faces': {
        const { faces, droppedFaces } = await this.analyser.analyse(bytes, subject, { lane, signal });
        return { faces: [...faces], droppedFaces, dimension: 0, vectors: new Float32Array(0) };
      }
      case 'vectors': {
        const { faces, droppedFaces, vectors } = await this.embedder.embed(bytes, subject, { lane, signal });
        const { dimension } = this.embedder;
        return { faces: [...faces], droppedFaces, dimension, vectors: joinVectors(vectors) };
      }
    }
  }
}
