import { discardChart } from './discard.chart.js';
import { DISCARD_COLUMNS, discardRows, discardRules } from './discard.text.js';
import { charts, evaluationPage, figureTable, rules } from './evaluation.page.js';
import { accuracyText, allPairsRules, type MeasuredLfw, protocolText, unstatedLines } from './lfw.text.js';
import { cosineText, countText, intervalText, percent, rateText } from './rate.text.js';
import type { RunFacts } from './run.facts.js';
import { verificationCharts } from './verification.charts.js';

/** The page of `eval lfw`. */
export function lfwPage(measured: MeasuredLfw, { createdAt, seconds }: RunFacts): string {
  const { allPairs, contract, discard, pairs, photos, photosWithoutFace, threshold } = measured;
  const head = {
    title: `Labeled Faces in the Wild: ${accuracyText(measured)}`,
    subtitle: `${protocolText(measured)} and all pairs of ${countText(photos)} photos of ${countText(allPairs.people)} people, in ${Math.round(seconds)} s`,
    ...{ contract, createdAt },
  };
  const tiles = [
    { label: protocolText(measured), value: accuracyText(measured), more: `${countText(pairs)} pairs` },
    ...allPairs.points.map(({ limit, tar, tarInterval }) => ({
      label: `TAR at FMR ${rateText(limit)}`,
      value: percent(tar),
      more: tarInterval && intervalText(tarInterval),
    })),
    { label: 'photos without a face', value: countText(photosWithoutFace), more: `of ${countText(photos)}` },
  ];
  const rows = allPairs.points.map(({ limit, threshold: cosine, fmr, tar, tarInterval }) => [
    ...[rateText(limit), cosineText(cosine), fmr.toExponential(2), percent(tar)],
    tarInterval === undefined ? '' : intervalText(tarInterval),
  ]);
  return evaluationPage(head, tiles, [
    figureTable('points', 'Thresholds', ['FMR asked for', 'cosine', 'FMR there', 'TAR', '95 % of TAR'], rows),
    charts([...verificationCharts(allPairs), ...(discard === undefined ? [] : [discardChart(discard)])]),
    ...(discard === undefined
      ? []
      : [figureTable('discard', 'Without the faces of least utility', DISCARD_COLUMNS, discardRows(discard))]),
    rules([
      measured.protocol === 'ten-fold'
        ? `Accuracy: on each of the ten folds with the threshold chosen on the nine others; mean and its standard error. The mean threshold is ${cosineText(threshold)}.`
        : `Accuracy: on the pairs of pairsDevTest with the threshold chosen on pairsDevTrain, ${cosineText(threshold)}. A pair with a photo without a face counts as wrong.`,
      ...allPairsRules(allPairs),
      `All pairs: ${countText(allPairs.genuinePairs)} of one person (genuine), ${countText(allPairs.impostorPairs)} of two people (impostor).`,
      ...unstatedLines(allPairs),
      ...(discard === undefined ? [] : discardRules(discard)),
    ]),
  ]);
}
