import type { LfwReport, OperatingPoint, VerificationReport } from '@facelane/evaluation';
import { leastCountForRate } from '@facelane/vision';
import { discardLines, type MeasuredDiscard } from './discard.text.js';
import { cosineText, countText, intervalText, percent, rateText } from './rate.text.js';
import { markdownRow } from './write-evaluation.js';

export interface MeasuredLfw extends LfwReport {
  readonly contract: string;
  /** The same protocol by the contract's comparer instead of the cosine; absent when it has none. */
  readonly comparer?: LfwReport;
  /** Thresholds as distances, where that is the contract's metric: of the protocol, and of each point of `allPairs`. */
  readonly distances?: { readonly threshold: number; readonly points: readonly number[] };
  /** Every photo of the lists with every other. */
  readonly allPairs: VerificationReport;
  /** What utility is worth; absent when no false match rate is stated. */
  readonly discard?: MeasuredDiscard;
}

export const accuracyText = ({ accuracy, standardError }: LfwReport): string =>
  standardError === undefined
    ? percent(accuracy)
    : `${(accuracy * 100).toFixed(2)} ± ${(standardError * 100).toFixed(2)} %`;

export const protocolText = ({ protocol }: LfwReport): string =>
  protocol === 'ten-fold' ? 'LFW view 2, ten folds' : 'LFW view 1';

const chosenOn = ({ protocol }: LfwReport): string =>
  protocol === 'ten-fold' ? 'each on the nine other folds; their mean' : 'pairsDevTrain';

const barText = (cosine: number, distance: number | undefined): string =>
  `cosine ${cosineText(cosine)}${distance === undefined ? '' : `, distance ${distance.toFixed(4)}`}`;

const pointLine = ({ limit, tar, tarInterval, threshold }: OperatingPoint, distance: number | undefined): string =>
  `TAR        ${percent(tar)} at FMR ${rateText(limit)}` +
  (tarInterval === undefined ? '' : ` (95 %: ${intervalText(tarInterval)})`) +
  `, ${barText(threshold, distance)}`;

/** For a terminal. */
export function lfwText(measured: MeasuredLfw): string {
  const { allPairs, discard, pairs, photos, photosWithoutFace, threshold, distances } = measured;
  return [
    `accuracy   ${accuracyText(measured)}  (${protocolText(measured)}, ${pairs} pairs of ${photos} photos)`,
    ...(measured.comparer === undefined
      ? []
      : [`comparer   ${accuracyText(measured.comparer)}, probability ${measured.comparer.threshold.toFixed(3)}`]),
    `threshold  ${barText(threshold, distances?.threshold)}, chosen on ${chosenOn(measured)}`,
    `no face    ${photosWithoutFace} photos; their pairs count as wrong`,
    `all pairs  ${countText(allPairs.genuinePairs)} of one person, ${countText(allPairs.impostorPairs)} of two`,
    ...allPairs.points.map((point, at) => pointLine(point, distances?.points[at])),
    ...unstatedLines(allPairs),
    ...(discard === undefined ? [] : discardLines(discard)),
  ].join('\n');
}

/** Why a rate that was asked for is not there. */
export const unstatedLines = ({ unstated, impostorPairs }: VerificationReport): string[] =>
  unstated.map(
    (rate) =>
      `not stated: FMR ${rateText(rate)}, for which ${countText(leastCountForRate(rate))} impostor pairs are needed at least; there are ${countText(impostorPairs)}`,
  );

/** For the table of models. */
export const lfwRow = (measured: MeasuredLfw): string =>
  markdownRow([
    ['model contract', `\`${measured.contract}\``],
    [`${protocolText(measured)}: accuracy`, accuracyText(measured)],
    ...measured.allPairs.points.map(({ limit, tar }) => [`TAR at FMR ${rateText(limit)}`, percent(tar)] as const),
    ['photos without a face', `${measured.photosWithoutFace} of ${countText(measured.photos)}`],
  ]);

/** The rules of the figures over all pairs. */
export const allPairsRules = ({
  lostGenuinePairs,
  photosWithoutFace,
}: Pick<VerificationReport, 'lostGenuinePairs' | 'photosWithoutFace'>): string[] => [
  'Of each photo the main face is taken: of all faces the one nearest to the middle, in widths of the face.',
  'Over all pairs, every photo is compared with every other; a pair is accepted when its cosine is at or above the threshold.',
  `A photo without a face, or one that cannot be read, is an error of the system. Each pair with another photo of its person counts as refused at every threshold; pairs with photos of other people are left out, so that a failure never lowers the false match rate. Here: ${photosWithoutFace} photos, ${countText(lostGenuinePairs)} pairs.`,
  'The threshold of a false match rate (FMR) is the lowest at which no more than that share of the impostor pairs is accepted, in steps of 0.00001. A rate r is stated from 3 ÷ r impostor pairs on (rule of 3).',
  'Intervals are of 95 %, by the bootstrap over people at the threshold: pairs are not independent, people are.',
];
