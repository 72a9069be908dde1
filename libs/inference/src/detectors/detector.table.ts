import { retinaFace, scrfd, ultraFace, yuNet } from '@facelane/vision';
import { withAnySize } from '../onnx/any-size.js';
import { priorFeeds, withPriorInputs } from '../onnx/ultra-face-priors.js';
import type { DetectorFile, PictureDetector, TensorDetector } from './detector.component.js';
import { findByHaar } from './haar/haar.detector.js';
import { findByMtcnn } from './mtcnn.detector.js';

/** Every detector, by the name of its decoder in the manifest. A new one is a line here, and a reader in libs/vision. */
export const DETECTORS: Readonly<Record<DetectorFile['decoder'], TensorDetector | PictureDetector>> = {
  ultraface: { reader: ultraFace, edit: withPriorInputs, feeds: priorFeeds },
  yunet: { reader: yuNet, edit: withAnySize },
  scrfd: { reader: scrfd, edit: withAnySize },
  // It enlarges feature maps to a size that the exporter wrote down: for another size it is exported again.
  retinaface: { reader: retinaFace },
  mtcnn: { find: findByMtcnn },
  haar: { find: findByHaar },
};
