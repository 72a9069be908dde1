import type { InferenceEngine, WorkOptions } from '@facelane/inference';
import type { PhotoAnalyser, PhotoAnalysis } from './photo.analyser.js';
import { withStrengths } from './with-strengths.js';

/** A photo's faces with a unit vector for each, in the same order. */
export interface EmbeddedPhoto extends PhotoAnalysis {
  readonly vectors: readonly Float32Array[];
}

/** Detect and embed in one call, with the code that the stages run. Nothing is stored. */
export class PhotoEmbedder {
  constructor(
    private readonly analyser: PhotoAnalyser,
    private readonly engine: InferenceEngine,
  ) {}

  /** Id of the model contract that makes the vectors. */
  get contract(): string {
    return this.engine.contract.id;
  }

  /** Numbers per vector. */
  get dimension(): number {
    return this.engine.contract.dimension;
  }

  /** @throws StageError naming `subject` when the photo cannot be read. */
  async embed(bytes: Uint8Array, subject: string, options: WorkOptions = {}): Promise<EmbeddedPhoto> {
    const analysis = await this.analyser.analyse(bytes, subject, options);
    const { vectors: all, strengths } = await this.engine.embedFaces(analysis.crops, options);
    const { dimension } = this.engine.contract;
    const vectors = analysis.faces.map((_, row) => all.subarray(row * dimension, (row + 1) * dimension));
    return { ...analysis, faces: withStrengths(analysis.faces, strengths), vectors };
  }
}
