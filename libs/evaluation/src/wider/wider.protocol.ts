import type { Box, Detection } from '@facelane/vision';
import { WIDER_SETTINGS, type WiderPhoto, type WiderSetting } from './wider.dataset.js';

/** From this intersection over union on, a detection is of a face. */
const MIN_IOU = 0.5;
/** Points of the precision-recall curve, evenly over the scores. */
const THRESHOLDS = 1000;

/** A point of a curve: of all faces that count, how many are found; of all detections that count, how many are faces. 0..1. */
export interface PrecisionRecall {
  readonly recall: number;
  readonly precision: number;
}

export interface WiderReport {
  /** Average precision, 0..1; 0 for a setting without faces. */
  readonly averagePrecision: Readonly<Record<WiderSetting, number>>;
  /** Faces that count, per setting. */
  readonly faces: Readonly<Record<WiderSetting, number>>;
  readonly photos: number;
  readonly detections: number;
  /** As the area was taken, a point for each recall that is reached. */
  readonly curves: Readonly<Record<WiderSetting, readonly PrecisionRecall[]>>;
}

/**
 * Average precision by the rules of WIDER FACE's evaluation (Yang, Luo, Loy, Tang: WIDER FACE, 2016, and its eval_tools):
 *
 * - Best score first, each detection goes to the labelled face that it overlaps most; overlaps are taken with a pixel
 *   added to each side, and from 0.5 on it is of that face.
 * - A detection of a face that the setting ignores counts neither way. The first of a face that counts is right; a
 *   second one of the same face, and one of no face, is wrong.
 * - Scores are scaled to 0..1 over all photos. Precision and recall are taken at 1000 evenly spaced thresholds, and the
 *   area is taken under the curve made monotonous.
 * - A photo without any labelled face is left out.
 *
 * @param found detections of every photo in `labels`, in any order.
 */
export function widerReport(
  labels: ReadonlyMap<string, WiderPhoto>,
  found: ReadonlyMap<string, readonly Detection[]>,
): WiderReport {
  const normalise = scoreScale([...found.values()].flat());
  const matched = [...labels].flatMap(([name, photo]) =>
    photo.boxes.length === 0 ? [] : matchPhoto(photo, found.get(name) ?? [], normalise),
  );
  const faces = bySetting((setting) => sum([...labels.values()].map((photo) => photo[setting].length)));
  const curves = bySetting((setting) => monotonousCurve(matched, setting, faces[setting]));
  return {
    averagePrecision: bySetting((setting) => areaUnder(curves[setting])),
    faces,
    photos: labels.size,
    detections: sum([...found.values()].map(({ length }) => length)),
    curves,
  };
}

type Verdict = 'right' | 'wrong' | 'ignored';
interface Matched {
  /** 0..1 over all photos. */
  readonly score: number;
  readonly verdicts: Readonly<Record<WiderSetting, Verdict>>;
}

function matchPhoto(photo: WiderPhoto, found: readonly Detection[], scale: (score: number) => number): Matched[] {
  const faces = photo.boxes.map(([x, y, width, height]) => ({ x, y, width, height }));
  const counting = bySetting((setting) => new Set(photo[setting]));
  const taken = new Set<number>();
  return found
    .toSorted((a, b) => b.score - a.score)
    .map(({ box, score }) => {
      const overlaps = faces.map((face) => pixelOverlap(face, box));
      const nearest = overlaps.indexOf(Math.max(...overlaps));
      const isFace = overlaps[nearest]! >= MIN_IOU;
      const first = isFace && !taken.has(nearest);
      if (isFace) taken.add(nearest);
      const verdict = (setting: WiderSetting): Verdict => {
        if (isFace && !counting[setting].has(nearest)) return 'ignored';
        return first ? 'right' : 'wrong';
      };
      return { score: scale(score), verdicts: bySetting(verdict) };
    });
}

/** Intersection over union of boxes whose last pixel is part of them, as eval_tools computes it. */
function pixelOverlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) + 1;
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) + 1;
  if (width <= 0 || height <= 0) return 0;
  const area = (box: Box): number => (box.width + 1) * (box.height + 1);
  return (width * height) / (area(a) + area(b) - width * height);
}

/** Each recall gets the best precision at that recall or a higher one. */
function monotonousCurve(matched: readonly Matched[], setting: WiderSetting, faces: number): PrecisionRecall[] {
  if (faces === 0) return [];
  const ranked = matched
    .filter(({ verdicts }) => verdicts[setting] !== 'ignored')
    .toSorted((a, b) => b.score - a.score);
  const best = new Map<number, number>();
  let [read, right] = [0, 0];
  for (let step = 1; step <= THRESHOLDS; step++) {
    while (read < ranked.length && ranked[read]!.score >= 1 - step / THRESHOLDS) {
      if (ranked[read++]!.verdicts[setting] === 'right') right++;
    }
    const recall = right / faces;
    best.set(recall, Math.max(best.get(recall) ?? 0, read === 0 ? 0 : right / read));
  }
  let precision = 0;
  return [...best]
    .reverse()
    .map(([recall, at]) => ({ recall, precision: (precision = Math.max(precision, at)) }))
    .reverse();
}

function areaUnder(curve: readonly PrecisionRecall[]): number {
  return sum(curve.map(({ recall, precision }, at) => (recall - (curve[at - 1]?.recall ?? 0)) * precision));
}

function scoreScale(found: readonly Detection[]): (score: number) => number {
  let low = Infinity;
  let high = -Infinity;
  for (const { score } of found) {
    low = Math.min(low, score);
    high = Math.max(high, score);
  }
  return high > low ? (score) => (score - low) / (high - low) : () => 1;
}

const bySetting = <T>(value: (setting: WiderSetting) => T): Record<WiderSetting, T> => {
  const [easy, medium, hard] = WIDER_SETTINGS;
  return { easy: value(easy), medium: value(medium), hard: value(hard) };
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
