import type { ResolvedDetector } from '@facelane/models';
import type { Detection, OutputReader, RgbImage, Size } from '@facelane/vision';
import type { Device } from '../devices/device.table.js';
import type { Feeds, ModelEdit } from '../worker/ort-session.js';
import type { Sessions } from '../worker/sessions.js';

/** The manifest's facts of a detector. */
export type DetectorFile = ResolvedDetector;

/** Where a detector runs. */
export interface DetectorRun {
  readonly sessions: Sessions;
  readonly detector: DetectorFile;
  readonly device: Device;
}

/** One network, run once on a tensor of the picture. */
export interface TensorDetector {
  readonly reader: OutputReader;
  /** Makes the file's network one for pictures of any size. Absent: it takes what it was exported for. */
  readonly edit?: ModelEdit;
  /** What the edited network wants besides the picture. */
  readonly feeds?: (input: Size) => Feeds;
}

/** One that goes over the picture by itself. */
export interface PictureDetector {
  /**
   * Detections in pixels of the picture, before non-maximum suppression between looks.
   *
   * @throws RangeError when what the file's networks return is not what they are known for.
   */
  readonly find: (run: DetectorRun, picture: RgbImage, minScore: number) => Promise<Detection[]>;
}
