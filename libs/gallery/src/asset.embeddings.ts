import type { DetectedFace, EmbeddingsHeader } from '@facelane/contracts';

/** The faces of an asset and a unit vector for each, in the same order. */
export interface AssetEmbeddings {
  readonly faces: readonly DetectedFace[];
  readonly vectors: readonly Float32Array[];
  readonly droppedFaces: number;
  /** Rows of faces that were erased; there is nothing left in them to compare. */
  readonly erased?: readonly number[] | undefined;
  /** The asset whose run made them, and its collection; absent when there are none. */
  readonly assetId?: string;
  readonly collection?: string;
  /** The first assets with these bytes in other collections. */
  readonly firsts?: EmbeddingsHeader['firsts'];
}

export const noEmbeddings: AssetEmbeddings = { faces: [], vectors: [], droppedFaces: 0 };

export interface EmbeddedFace {
  readonly face: DetectedFace;
  /** Unit length. */
  readonly vector: Float32Array;
}

/** The faces that are still there. Each keeps its index, from which the id of its point follows. */
export function presentFaces({ faces, vectors, erased = [] }: AssetEmbeddings): EmbeddedFace[] {
  const gone = new Set(erased);
  return faces.flatMap((face, row) => (gone.has(row) ? [] : [{ face, vector: vectors[row]! }]));
}
