import type { ResolvedNetwork } from '@facelane/models';
import { type OutputReader, retinaFace, scrfd, type Size, ultraFace, yuNet } from '@facelane/vision';
import { withAnySize } from '../onnx/any-size.js';
import { priorFeeds, withPriorInputs } from '../onnx/ultra-face-priors.js';
import type { Feeds, ModelEdit } from '../worker/ort-session.js';

/** The manifest's facts of a detector. */
export type DetectorFile = ResolvedNetwork<'detector'>;

export interface DetectorComponent {
  readonly reader: OutputReader;
  /** Makes the file's network one for pictures of any size. Absent: it takes what it was exported for. */
  readonly edit?: ModelEdit;
  /** What the edited network wants besides the picture. */
  readonly feeds?: (input: Size) => Feeds;
}

/** Every detector, by the name of its decoder in the manifest. A new one is a line here and a reader in libs/vision. */
export const DETECTORS: Readonly<Record<DetectorFile['decoder'], DetectorComponent>> = {
  ultraface: { reader: ultraFace, edit: withPriorInputs, feeds: priorFeeds },
  yunet: { reader: yuNet, edit: withAnySize },
  scrfd: { reader: scrfd, edit: withAnySize },
  // It enlarges feature maps to a size that the exporter wrote down: for another size it is exported again.
  retinaface: { reader: retinaFace },
};
