import type { FivePoints } from '../geometry/shapes.js';
import { ARCFACE_TEMPLATE } from '../alignment/arcface-template.js';

/** Degrees; 0 is frontal and upright. */
export interface HeadPose {
  /** Positive when the nose points to the right of the image. */
  readonly yaw: number;
  /** Positive when the face looks up. */
  readonly pitch: number;
  /** Positive when the head leans clockwise in the image: the eye on the right lies lower. */
  readonly roll: number;
}

type Vector = readonly [x: number, y: number, z: number];

const MODEL = headModel();
const SOLVER = pseudoInverse(MODEL);

/**
 * How the head is turned, from five points under a camera far away (scaled orthographic projection).
 *
 * The affine camera that fits the points best in least squares gives two rows of the rotation, the cross product the
 * third: the first step of POSIT (DeMenthon & Davis, IJCV 15, 1995). Exact for the model's own head; on real faces,
 * whose noses differ, good to about ten degrees, which is enough to tell frontal from profile.
 *
 * @throws RangeError when the points coincide, lie on a line, or are not finite.
 */
export function headPose(points: FivePoints): HeadPose {
  let right: Vector = [0, 0, 0];
  let down: Vector = [0, 0, 0];
  for (const [index, weights] of SOLVER.entries()) {
    right = add(right, weights, points[index]!.x);
    down = add(down, weights, points[index]!.y);
  }
  const first = unit(right);
  const second = unit(down);
  const third = unit(cross(first, second));
  // R = Rz(roll) · Ry · Rx with x right, y down, z away from the camera; the nose points towards it.
  return {
    yaw: degrees(Math.asin(Math.min(1, Math.max(-1, third[0])))),
    pitch: degrees(Math.atan2(-third[1], third[2])),
    roll: degrees(Math.atan2(second[0], first[0])),
  };
}

/**
 * A head whose frontal view is the ArcFace template (made symmetric), in units of the distance of the eyes' centres.
 * The depths are those of the generic head of the OpenCV head-pose examples: outer eye corners at (±225, 170, −135),
 * nose tip at 0, mouth at (±150, −150, −125). Eye centres lie 0.70 as far apart as outer corners, so the nose stands
 * 135 ÷ (0.70 · 450) = 0.43 before the eyes and the mouth 0.03.
 */
function headModel(): readonly Vector[] {
  const [leftEye, rightEye, nose, leftMouth, rightMouth] = ARCFACE_TEMPLATE;
  const distance = rightEye.x - leftEye.x;
  const eyes = (leftEye.y + rightEye.y) / 2;
  const mouthHalf = (rightMouth.x - leftMouth.x) / 2 / distance;
  const mouth = ((leftMouth.y + rightMouth.y) / 2 - eyes) / distance;
  return [
    [-0.5, 0, 0],
    [0.5, 0, 0],
    [0, (nose.y - eyes) / distance, -0.43],
    [-mouthHalf, mouth, -0.03],
    [mouthHalf, mouth, -0.03],
  ];
}

/** For each point of the model its row of (XᵀX)⁻¹Xᵀ, X being the points about their mean. */
function pseudoInverse(model: readonly Vector[]): readonly Vector[] {
  const mean = model.reduce<Vector>((sum, point) => add(sum, point, 1 / model.length), [0, 0, 0]);
  const centred = model.map((point) => add(point, mean, -1));
  const column = (axis: 0 | 1 | 2): Vector =>
    centred.reduce<Vector>((sum, point) => add(sum, point, point[axis]), [0, 0, 0]);
  const normal = [column(0), column(1), column(2)] as const;
  const determinant = dot(normal[0], cross(normal[1], normal[2]));
  const inverse = [cross(normal[1], normal[2]), cross(normal[2], normal[0]), cross(normal[0], normal[1])] as const;
  return centred.map((point): Vector => [
    dot(inverse[0], point) / determinant,
    dot(inverse[1], point) / determinant,
    dot(inverse[2], point) / determinant,
  ]);
}

function unit(vector: Vector): Vector {
  const length = Math.hypot(...vector);
  if (!Number.isFinite(length) || length < 1e-12) {
    throw new RangeError('A head pose needs five finite points that do not coincide or lie on a line.');
  }
  return [vector[0] / length, vector[1] / length, vector[2] / length];
}

function add(a: Vector, b: Vector, factor: number): Vector {
  return [a[0] + b[0] * factor, a[1] + b[1] * factor, a[2] + b[2] * factor];
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
