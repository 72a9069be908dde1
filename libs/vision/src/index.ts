export { alignFace } from './alignment/align-face.js';
export { ALIGNED_SIDE, ARCFACE_TEMPLATE } from './alignment/arcface-template.js';
export { fivePointsOf68 } from './alignment/five-points-of-68.js';
export { LANDMARK_SIDE, firstLandmarkCrop, landmarksInImage, secondLandmarkCrop } from './alignment/landmark-crop.js';
export { similarityTransform } from './alignment/similarity-transform.js';
export { warpAffine } from './alignment/warp-affine.js';
export type { Detection } from './detection/detection.js';
export {
  mtcnn,
  type MtcnnFace,
  type MtcnnNetwork,
  type MtcnnNetworks,
  type MtcnnOptions,
} from './detection/mtcnn/mtcnn.js';
export type { MtcnnAnswers } from './detection/mtcnn/read-answers.js';
export {
  type NonMaximumSuppressionOptions,
  intersectionOverUnion,
  nonMaximumSuppression,
} from './detection/non-maximum-suppression.js';
export { type UltraFaceOptions, decodeUltraFace, ultraFacePriorCount } from './detection/ultra-face.js';
export { type Matrix2x3, apply, invert } from './geometry/matrix.js';
export type { Box, FivePoints, Point } from './geometry/shapes.js';
export { boundingSquare, squareAround } from './geometry/square.js';
export { cropResize, cropResizeGrey, resizeBilinear } from './image/crop-resize.js';
export type { GreyImage, RgbImage } from './image/image.js';
export { luma } from './image/luma.js';
export { mirrored } from './image/mirrored.js';
export {
  type ChannelScale,
  type ColourTensorOptions,
  type PerChannel,
  greyTensor,
  toInterleavedTensor,
  toPlanarTensor,
} from './image/planar-tensor.js';
export { prewhitening } from './image/prewhitening.js';
export { type RocPoint, rocFromScores } from './metrics/roc.js';
export type { LabelledScores } from './metrics/scores.js';
export { type FoldAccuracy, type TenFoldAccuracy, tenFoldAccuracy } from './metrics/ten-fold-accuracy.js';
export { type TarAtFmr, accuracyAt, bestThreshold, steadyThreshold, tarAtFmr } from './metrics/threshold.js';
export { type Exposure, exposure } from './quality/exposure.js';
export { type FaceQuality, type FaceQualityInput, faceQuality } from './quality/face-quality.js';
export { type HeadPose, headPose } from './quality/head-pose.js';
export { sharpness } from './quality/sharpness.js';
export { cosine, l2Normalise } from './vector/unit-vector.js';
