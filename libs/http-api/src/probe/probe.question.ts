import type { DetectedFace, Photo, Source } from '@facelane/contracts';

/** A question about one photo: the bytes themselves, or where a worker finds them. */
export type ProbeQuestion = {
  readonly tenant: string;
  readonly contract: string;
  readonly want: 'faces' | 'vectors';
} & ({ readonly source: Source } | { readonly bytes: Uint8Array });

export interface ProbeAnswer {
  readonly photo: Photo;
  /** In pixels of the photo, best detector score first. */
  readonly faces: readonly DetectedFace[];
  /** Faces beyond the cap of the engine, left out. */
  readonly droppedFaces: number;
  /** A unit vector for each face, in the same order; empty when only faces were asked for. */
  readonly vectors: readonly Float32Array[];
}
