import type { FivePoints, Point } from '../geometry/shapes.js';

/**
 * Points of the 68-point annotation (iBUG 300-W: Sagonas et al., ICCV 2013 workshops) that make each of the five.
 * An eye is its four eyelid points without the corners; a mouth corner is the mean of the outer and the inner lip's
 * corner. This reading gave the best LFW figures of those tried with the default models.
 */
const MEMBERS = [[37, 38, 40, 41], [43, 44, 46, 47], [30], [48, 60], [54, 64]] as const;

/** @throws RangeError when there are not 68 landmarks. */
export function fivePointsOf68(landmarks: readonly Point[]): FivePoints {
  if (landmarks.length !== 68) throw new RangeError(`68 landmarks are expected; found ${landmarks.length}.`);
  const [leftEye, rightEye, nose, leftMouth, rightMouth] = MEMBERS;
  return [
    mean(landmarks, leftEye),
    mean(landmarks, rightEye),
    mean(landmarks, nose),
    mean(landmarks, leftMouth),
    mean(landmarks, rightMouth),
  ];
}

function mean(landmarks: readonly Point[], members: readonly number[]): Point {
  let x = 0;
  let y = 0;
  for (const member of members) {
    x += landmarks[member]!.x / members.length;
    y += landmarks[member]!.y / members.length;
  }
  return { x, y };
}
