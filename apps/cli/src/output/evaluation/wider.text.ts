import { WIDER_SETTINGS, type WiderReport } from '@facelane/evaluation';
import { countText } from './rate.text.js';
import { markdownRow } from './write-evaluation.js';

export interface MeasuredWider extends WiderReport {
  readonly contract: string;
  /** Detections with a lower score are not read. */
  readonly floor: number;
  /** Detections of a photo that are read, the best first. */
  readonly most: number;
  /** On one thread, without decoding. */
  readonly millisecondsPerPhoto: { readonly mean: number; readonly median: number };
}

export const readingText = ({ floor, most }: MeasuredWider): string =>
  `detections with a score of ${floor} or more, at most ${most} a photo`;

/** For a terminal. */
export function widerText(measured: MeasuredWider): string {
  const { averagePrecision, detections, faces, millisecondsPerPhoto, photos } = measured;
  const { mean, median } = millisecondsPerPhoto;
  return [
    ...WIDER_SETTINGS.map(
      (setting) => `${setting.padEnd(9)}  ${averagePrecision[setting].toFixed(3)} AP  (${faces[setting]} faces)`,
    ),
    `photos     ${photos}, ${detections} ${readingText(measured)}`,
    `time       ${mean.toFixed(1)} ms a photo on one thread (median ${median.toFixed(1)}), without decoding`,
  ].join('\n');
}

/** For the table of models. */
export const widerRow = ({ averagePrecision, contract, millisecondsPerPhoto, photos }: MeasuredWider): string =>
  markdownRow([
    ['model contract', `\`${contract}\``],
    ...WIDER_SETTINGS.map((setting) => [`AP ${setting}`, averagePrecision[setting].toFixed(3)] as const),
    ['ms per photo', millisecondsPerPhoto.mean.toFixed(1)],
    ['photos', countText(photos)],
  ]);
