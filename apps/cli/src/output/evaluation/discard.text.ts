import type { DiscardReport, DiscardStep } from '@facelane/evaluation';
import { cosineText, countText, percent, rateText } from './rate.text.js';

export interface MeasuredDiscard extends DiscardReport {
  /** The false match rate that was asked for, whose threshold it is. */
  readonly limit: number;
}

/** Whole per cents, e.g. `5 %`. */
export const shareText = (share: number): string => percent(share, 0);

/** `2.11 ± 0.13 %` */
const randomText = ({ random }: DiscardStep): string =>
  random === undefined ? '' : `${(random.mean * 100).toFixed(2)} ± ${percent(random.deviation)}`;

const fnmrText = ({ fnmr }: DiscardStep): string => (fnmr === undefined ? 'no pair left' : percent(fnmr));

const utilityText = ({ share, utilityFrom }: DiscardStep): string =>
  share === 0 || utilityFrom === undefined ? '' : utilityFrom.toFixed(1);

/** For a terminal: what is missed of all faces, and without those of least utility. */
export function discardLines({ limit, steps }: MeasuredDiscard): string[] {
  return steps.map((step) => {
    const { share, pairs, missed } = step;
    const all = `FNMR       ${fnmrText(step)} at FMR ${rateText(limit)}`;
    const counts = `${countText(missed)} of ${countText(pairs)} pairs`;
    if (share === 0) return `${all}, ${counts}`;
    const random = randomText(step);
    return (
      `${all} without the ${shareText(share)} of utility below ${utilityText(step)}, ${counts}` +
      (random === '' ? '' : `; at random ${random}`)
    );
  });
}

export const DISCARD_COLUMNS = [
  ...['faces discarded', 'utility below', 'genuine pairs left', 'missed', 'FNMR'],
  'FNMR, as many discarded at random',
];

export const discardRows = ({ steps }: MeasuredDiscard): string[][] =>
  steps.map((step) => [
    ...[shareText(step.share), utilityText(step), countText(step.pairs), countText(step.missed)],
    ...[fnmrText(step), step.share === 0 ? '' : randomText(step)],
  ]);

/** The rules of the figures. */
export const discardRules = ({ faces, limit, rounds, threshold }: MeasuredDiscard): string[] => [
  `Error versus discard (Grother and Tabassi, IEEE PAMI 29, 2007): of ${countText(faces)} faces those of least utility are discarded, and the pairs of one person that are left are counted as missed below the cosine of FMR ${rateText(limit)} over all pairs, ${cosineText(threshold)}. Photos without a face are no part of it.`,
  `At random: mean and standard deviation over ${rounds} seeded orders. What lies within twice the deviation may be chance.`,
];
