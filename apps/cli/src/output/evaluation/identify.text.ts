import type { IdentificationReport } from '@facelane/evaluation';
import { leastCountForRate } from '@facelane/vision';
import { cosineText, countText, intervalText, percent, rateText } from './rate.text.js';
import { markdownRow } from './write-evaluation.js';

export interface MeasuredSearch extends IdentificationReport {
  readonly contract: string;
  readonly photos: number;
}

const withInterval = (share: number, interval: { low: number; high: number } | undefined): string =>
  interval === undefined ? percent(share) : `${percent(share)} (95 %: ${intervalText(interval)})`;

/** For a terminal. */
export function identifyText(measured: MeasuredSearch): string {
  const { enrolledPeople, matedSearches, strangerSearches, strangerPeople, rank1, rank1Interval, points } = measured;
  return [
    `rank 1     ${withInterval(rank1, rank1Interval)}: ${countText(matedSearches)} searches among ${countText(enrolledPeople)} people`,
    ...points.map(
      ({ limit, dir, dirInterval, threshold }) =>
        `DIR        ${withInterval(dir, dirInterval)} at FPIR ${rateText(limit)}, cosine ${cosineText(threshold)}`,
    ),
    `strangers  ${countText(strangerSearches)} searches for ${countText(strangerPeople)} people who are not enrolled`,
    ...failureLines(measured),
    ...unstatedLines(measured),
  ].join('\n');
}

export function failureLines({ enrolmentsWithoutFace, matedSearchesWithoutFace }: MeasuredSearch): string[] {
  if (enrolmentsWithoutFace + matedSearchesWithoutFace === 0) return [];
  return [
    `no face    ${enrolmentsWithoutFace} photos to enrol and ${matedSearchesWithoutFace} to search with; their searches count as missed`,
  ];
}

/** Why a rate that was asked for is not there. */
export const unstatedLines = ({ unstated, strangerSearches }: IdentificationReport): string[] =>
  unstated.map(
    (rate) =>
      `not stated: FPIR ${rateText(rate)}, for which ${countText(leastCountForRate(rate))} searches for strangers are needed at least; there are ${countText(strangerSearches)}`,
  );

/** For the table of models. */
export const identifyRow = (measured: MeasuredSearch): string =>
  markdownRow([
    ['model contract', `\`${measured.contract}\``],
    ['enrolled people', countText(measured.enrolledPeople)],
    ['rank 1', withInterval(measured.rank1, measured.rank1Interval)],
    ...measured.points.map(
      ({ limit, dir, dirInterval }) => [`DIR at FPIR ${rateText(limit)}`, withInterval(dir, dirInterval)] as const,
    ),
  ]);
