export { alignFace } from './alignment/align-face.js';
export { ALIGNED_SIDE, ARCFACE_TEMPLATE } from './alignment/arcface-template.js';
export { fivePointsOf68 } from './alignment/five-points-of-68.js';
export { LANDMARK_SIDE, firstLandmarkCrop, landmarksInImage, secondLandmarkCrop } from './alignment/landmark-crop.js';
export { pointsFromEyes } from './alignment/points-from-eyes.js';
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
export { type FittedInput, type InputFit, fitInput } from './detection/input-fit.js';
export { mapDetections } from './detection/map-detections.js';
export type { ExpectedOutput, OutputReader } from './detection/output-reader.js';
export { requireOutputs } from './detection/require-outputs.js';
export { retinaFace } from './detection/retina-face.js';
export { scrfd } from './detection/scrfd.js';
export { isCut, tilesOf } from './detection/tiles.js';
export { ultraFace } from './detection/ultra-face.js';
export { type Priors, ultraFacePriorCount, ultraFacePriors } from './detection/ultra-face.priors.js';
export { yuNet } from './detection/yunet.js';
export { type Matrix2x3, apply, invert } from './geometry/matrix.js';
export type { Box, FivePoints, Point } from './geometry/shapes.js';
export type { Size } from './geometry/size.js';
export { boundingSquare, squareAround, withAspect } from './geometry/square.js';
export { cropResize, cropResizeGrey, resizeBilinear } from './image/crop-resize.js';
export type { GreyImage, RgbImage } from './image/image.js';
export { LUMA_BLUE, LUMA_GREEN, LUMA_RED } from './image/image.js';
export { luma } from './image/luma.js';
export { mirrored } from './image/mirrored.js';
export { type PaddedTensorOptions, paddedTensor } from './image/padded-tensor.js';
export {
  type ChannelScale,
  type ColourTensorOptions,
  type PerChannel,
  greyTensor,
  toInterleavedTensor,
  toPlanarTensor,
} from './image/planar-tensor.js';
export { prewhitening } from './image/prewhitening.js';
export { type BootstrapOptions, type Interval, bootstrapInterval } from './metrics/bootstrap.js';
export { type MatedSearch, hitRate, identificationCounts } from './metrics/identification.js';
export { randomIndexes } from './metrics/random-indexes.js';
export { type RocPoint, rocFromCounts, tarAtFmr, thinRoc } from './metrics/roc.js';
export { binOf, countScores, floorOf, grouped, SCORE_BINS, type ScoreCounts, total } from './metrics/score-counts.js';
export { countForRate, leastCountForRate, lowestRate } from './metrics/sample-size.js';
export type { LabelledScores } from './metrics/scores.js';
export { type FoldAccuracy, type TenFoldAccuracy, tenFoldAccuracy } from './metrics/ten-fold-accuracy.js';
export { accuracyAt, bestThreshold, steadyThreshold } from './metrics/threshold.js';
export { type Exposure, exposure } from './quality/exposure.js';
export { type FaceQuality, type FaceQualityInput, faceQuality } from './quality/face-quality.js';
export { faceUtility } from './quality/face-utility.js';
export { type HeadPose, headPose } from './quality/head-pose.js';
export { sharpness } from './quality/sharpness.js';
export { joinVectors } from './vector/join-vectors.js';
export { cosineAtDistance, distanceAt, liftToSphere } from './vector/euclidean.js';
export { cosine, l2Normalise } from './vector/unit-vector.js';
