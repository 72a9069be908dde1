export { lfwPath, parseLfwPairs } from './lfw/lfw.pairs.js';
export { photosOf, readLfwLists, requirePhotos, type LfwLists } from './lfw/lfw.dataset.js';
export { developmentReport, type LfwReport, type PairScore, tenFoldReport, type Vectors } from './lfw/lfw.protocol.js';
export { mainFace } from './main-face.js';
export { readWiderLabels, type WiderPhoto, type WiderSetting, WIDER_SETTINGS } from './wider/wider.dataset.js';
export { type PrecisionRecall, type WiderReport, widerReport } from './wider/wider.protocol.js';
export type { LabelledPhoto } from './verification/labelled.photos.js';
export {
  type OperatingPoint,
  type VerificationReport,
  verificationReport,
} from './verification/verification.report.js';
export { type GallerySplit, splitPeople } from './identification/gallery.split.js';
export { type IdentificationReport, identificationReport } from './identification/identification.report.js';
export { type CalibrationReport, calibrationReport } from './calibration/calibration.report.js';
export type { ConfusablePair, PhotoName } from './calibration/confusable.pairs.js';
export { type DiscardReport, discardReport, type DiscardStep } from './discard/discard.report.js';
