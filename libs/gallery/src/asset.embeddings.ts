import type { DetectedFace } from '@facelane/contracts';

/** The faces of an asset and a unit vector for each, in the same order. */
export interface AssetEmbeddings {
  readonly faces: readonly DetectedFace[];
  readonly vectors: readonly Float32Array[];
  readonly droppedFaces: number;
  /** The asset whose run made them, and its collection; absent when there are none. */
  readonly assetId?: string;
  readonly collection?: string;
}

export const noEmbeddings: AssetEmbeddings = { faces: [], vectors: [], droppedFaces: 0 };
