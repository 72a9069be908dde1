import type { FaceView } from '../face.view.js';
import type { ResultRow } from '../summary.js';

/** What the page says of the whole run. */
export interface ReportHead {
  /** What was looked through, e.g. the folder. */
  readonly title: string;
  /** When the report was made, ISO 8601. */
  readonly createdAt: string;
  readonly collection: string;
  /** Id of the model contract that made the vectors. */
  readonly contract: string;
  /** Cosines of the collection's bars, with the false match rate each was measured at. */
  readonly thresholds: {
    readonly match: { readonly cosine: number; readonly fmr?: number | undefined };
    readonly review: { readonly cosine: number; readonly fmr?: number | undefined };
  };
}

/**
 * Makes the pictures of the page when their turn comes, so that the page never needs more than one at a time in
 * memory. JPEG bytes; undefined where a picture cannot be had, and the page says so in its place.
 *
 * Asked in order: first one face of each person, then for each photo the photo and its faces.
 */
export interface ReportPictures {
  /** The annotated photo, about 640 pixels long and 40 kB: annotatePhoto with `maxSide: 640, quality: 70`. */
  photo(row: ResultRow): Promise<Uint8Array | undefined>;
  /** A square crop of about 96 pixels. */
  face(row: ResultRow, face: FaceView): Promise<Uint8Array | undefined>;
}

export interface Report {
  readonly head: ReportHead;
  readonly rows: readonly ResultRow[];
  readonly pictures: ReportPictures;
  /** Stops between two photos. */
  readonly signal?: AbortSignal;
}
