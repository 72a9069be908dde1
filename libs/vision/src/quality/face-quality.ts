import type { Box, FivePoints } from '../geometry/shapes.js';
import type { RgbImage } from '../image/image.js';
import { luma } from '../image/luma.js';
import { exposure } from './exposure.js';
import { shareBeyond } from './face-cut.js';
import { headPose } from './head-pose.js';
import { sharpness } from './sharpness.js';

/** Share of the face; below it is a bit of a cheek or of the brow, without which a face is recognised as before. */
const CUT_FROM = 0.05;

export interface FaceQuality {
  /** Shorter side of the box, pixels. */
  readonly minSide: number;
  /** Distance of the eyes, pixels. */
  readonly interEye: number;
  /** Variance of the Laplacian of the aligned crop's luma; see sharpness. */
  readonly sharpness: number;
  /** Mean luma of the aligned crop, 0..255. */
  readonly brightness: number;
  /** Standard deviation of that luma. */
  readonly contrast: number;
  /** Degrees; see headPose. */
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  /** Whether more than a twentieth of the face lies beyond the frame's edge; see shareBeyond. */
  readonly cut: boolean;
}

export interface FaceQualityInput {
  /** The aligned crop. Black beyond the photo's edge counts as part of it: see `cut`. */
  readonly crop: RgbImage;
  /** Box, points and frame in the pixels of one image, best the original photo: sizes are measured in them. */
  readonly box: Box;
  readonly points: FivePoints;
  readonly frame: { readonly width: number; readonly height: number };
}

/**
 * What can be measured of a face before knowing whose it is. Facts only: which of them make a face usable is policy.
 *
 * @throws RangeError as headPose and sharpness do.
 */
export function faceQuality({ crop, box, points, frame }: FaceQualityInput): FaceQuality {
  const grey = luma(crop);
  const [leftEye, rightEye] = points;
  return {
    minSide: Math.min(box.width, box.height),
    interEye: Math.hypot(rightEye.x - leftEye.x, rightEye.y - leftEye.y),
    sharpness: sharpness(grey),
    ...exposure(grey),
    ...headPose(points),
    cut: shareBeyond(points, frame) > CUT_FROM,
  };
}
