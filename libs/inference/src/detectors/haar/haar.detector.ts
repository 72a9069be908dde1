import {
  type Box,
  cropResizeGrey,
  type Detection,
  type FivePoints,
  luma,
  type Point,
  pointsFromEyes,
  type RgbImage,
} from '@facelane/vision';
import type { Sessions } from '../../worker/sessions.js';
import type { DetectorRun } from '../detector.component.js';
import { Cascade } from './cascade.js';

/** Shorter side of the smallest face that is looked for, pixels of the detector's input: the cascade's own window is 20. */
const SMALLEST_FACE = 20;
/** The upper part of a face, in which eyes are looked for, is brought to this width, pixels. */
const EYES_WIDTH = 120;
/** Of a face's height, from its top. */
const EYES_PART = 0.6;
const SMALLEST_EYE = 20;
/** Eyes whose heights differ by more than this part of the face's width are not those of one face. */
const MOST_TILT = 0.25;
/** So many windows that agree score 0.5. */
const HALF_SURE = 4;

const cascades = new WeakMap<Sessions, Map<string, Promise<Cascade>>>();

/**
 * Faces by a Haar cascade, with five points by a cascade of eyes: two-point alignment. Where it does not find two eyes, they are
 * taken to lie where they are in the middle of all faces.
 *
 * The score is n ÷ (n + 4) of n windows that agree on the face: an order, and no probability.
 */
export async function findByHaar(run: DetectorRun, picture: RgbImage, minScore: number): Promise<Detection[]> {
  const [eyes] = run.detector.stages ?? [];
  if (eyes === undefined) throw new TypeError(`${run.detector.id} has no cascade of eyes.`);
  const [faceCascade, eyeCascade] = await Promise.all([cascadeOf(run, run.detector), cascadeOf(run, eyes)]);
  return faceCascade.find(luma(picture), SMALLEST_FACE).flatMap(({ box, neighbours }): Detection[] => {
    const score = neighbours / (neighbours + HALF_SURE);
    return score < minScore ? [] : [{ box, score, points: pointsOf(eyeCascade, picture, box) }];
  });
}

function cascadeOf({ sessions }: DetectorRun, source: Parameters<typeof Cascade.load>[0]): Promise<Cascade> {
  const known = cascades.get(sessions) ?? new Map<string, Promise<Cascade>>();
  cascades.set(sessions, known);
  const cascade = known.get(source.sha256) ?? Cascade.load(source);
  known.set(source.sha256, cascade);
  cascade.catch(() => known.delete(source.sha256));
  return cascade;
}

function pointsOf(cascade: Cascade, picture: RgbImage, face: Box): FivePoints {
  const upper = { ...face, height: face.height * EYES_PART };
  const scale = EYES_WIDTH / face.width;
  const looked = cropResizeGrey(picture, upper, EYES_WIDTH, Math.round(upper.height * scale));
  const centres = cascade
    .find(looked, SMALLEST_EYE)
    .sort((a, b) => b.neighbours - a.neighbours)
    .map(({ box }) => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 }));
  const left = centres.find(({ x }) => x < EYES_WIDTH / 2);
  const right = centres.find(({ x }) => x >= EYES_WIDTH / 2);
  const found = left !== undefined && right !== undefined && Math.abs(left.y - right.y) < MOST_TILT * EYES_WIDTH;
  const [first, second] = found ? [left, right] : [MIDDLE_LEFT, MIDDLE_RIGHT].map((eye) => ({ x: eye.x * EYES_WIDTH, y: eye.y * EYES_WIDTH })); // prettier-ignore
  const place = ({ x, y }: Point): Point => ({ x: face.x + x / scale, y: face.y + y / scale });
  return pointsFromEyes(place(first!), place(second!));
}

/** Eyes in parts of the face's box: the mean over 310 faces of LFW by the landmark network, made symmetric. */
const [MIDDLE_LEFT, MIDDLE_RIGHT] = [
  { x: 0.32, y: 0.395 },
  { x: 0.68, y: 0.395 },
];
