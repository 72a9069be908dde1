import type { CalibrationReport, ConfusablePair } from '@facelane/evaluation';
import { plainLine } from '../terminal.text.js';
import { cosineText, countText, intervalText, percent, rateText } from './rate.text.js';
import { markdownRow } from './write-evaluation.js';

/** Pairs of each kind that are named on a terminal; the page shows more. */
const NAMED = 3;

/** What `PATCH /v1/collections/{id}` takes. */
export interface CollectionPatch {
  readonly thresholds: { readonly match: { readonly cosine: number }; readonly review: { readonly cosine: number } };
}

export function patchOf({ match, review }: CalibrationReport): CollectionPatch {
  // Thresholds are in steps of 0.00001.
  const cosine = (threshold: number): number => Number(threshold.toFixed(5));
  return {
    thresholds: { match: { cosine: cosine(match.threshold) }, review: { cosine: cosine(review.threshold) } },
  };
}

/** `0.401–0.418`, or that it could not be said. */
export const cosineRange = ({ match }: CalibrationReport): string =>
  match.thresholdInterval === undefined
    ? ''
    : `${cosineText(match.thresholdInterval.low)}–${cosineText(match.thresholdInterval.high)}`;

export const rateRange = ({ match }: CalibrationReport): string =>
  match.fmrInterval === undefined
    ? ''
    : `${match.fmrInterval.low.toExponential(1)}–${match.fmrInterval.high.toExponential(1)}`;

/** For a terminal. @param applied collection whose thresholds were set. */
export function calibrationText(report: CalibrationReport, applied: string | undefined): string {
  const { match, review, confusable } = report;
  const tar = match.tarInterval === undefined ? '' : ` (95 %: ${intervalText(match.tarInterval)})`;
  return [
    `threshold  cosine ${cosineText(match.threshold)} at FMR ${rateText(match.limit)} (95 %: ${cosineRange(report)})`,
    `FMR there  ${match.fmr.toExponential(2)} (95 %: ${rateRange(report)}), of ${countText(report.impostorPairs)} pairs of two people`,
    `TAR there  ${percent(match.tar)}${tar}, of ${countText(report.genuinePairs)} pairs of one person`,
    `review     from cosine ${cosineText(review.threshold)}, at FMR ${rateText(review.limit)}`,
    `photos     ${countText(report.photos)} of ${countText(report.people)} people; ${report.photosWithoutFace} without a face`,
    'look at    one person in two folders?',
    ...confusable.impostor.slice(0, NAMED).map(pairLine),
    '           a photo in the wrong folder?',
    ...confusable.genuine.slice(0, NAMED).map(pairLine),
    'patch      PATCH /v1/collections/{id}',
    `           ${JSON.stringify(patchOf(report))}`,
    ...(applied === undefined ? [] : [`set        the thresholds of collection ${applied}`]),
  ].join('\n');
}

const pairLine = ({ first, second, cosine }: ConfusablePair): string =>
  `           ${cosineText(cosine)}  ${plainLine(first.path)}  ${plainLine(second.path)}`;

/** For a table of calibrations. */
export const calibrationRow = (report: CalibrationReport, contract: string): string =>
  markdownRow([
    ['model contract', `\`${contract}\``],
    ['photos', `${countText(report.photos)} of ${countText(report.people)} people`],
    ['FMR', rateText(report.match.limit)],
    ['cosine', `${cosineText(report.match.threshold)} (95 %: ${cosineRange(report)})`],
    ['TAR', percent(report.match.tar)],
  ]);
