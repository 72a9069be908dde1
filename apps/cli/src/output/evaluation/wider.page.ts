import { WIDER_SETTINGS } from '@facelane/evaluation';
import type { Html } from '../report/html.js';
import { linearAxis } from './chart.axis.js';
import { drawChart, type SeriesKind } from './chart.js';
import { charts, evaluationPage, figureTable, rules } from './evaluation.page.js';
import type { RunFacts } from './run.facts.js';
import { countText, percent } from './rate.text.js';
import { type MeasuredWider, readingText } from './wider.text.js';

/** The page of `eval wider`. */
export function widerPage(measured: MeasuredWider, { createdAt, seconds }: RunFacts): string {
  const { averagePrecision, contract, detections, faces, millisecondsPerPhoto, photos } = measured;
  const head = {
    title: `WIDER FACE: ${WIDER_SETTINGS.map((setting) => averagePrecision[setting].toFixed(3)).join(' / ')}`,
    subtitle: `average precision easy / medium / hard over ${countText(photos)} photos, in ${Math.round(seconds)} s`,
    ...{ contract, createdAt },
  };
  const tiles = [
    ...WIDER_SETTINGS.map((setting) => ({
      label: `AP ${setting}`,
      value: averagePrecision[setting].toFixed(3),
      more: `${countText(faces[setting])} faces`,
    })),
    { label: 'a photo, one thread', value: `${millisecondsPerPhoto.mean.toFixed(1)} ms`, more: 'without decoding' },
  ];
  const rows = WIDER_SETTINGS.map((setting) => {
    const last = measured.curves[setting].at(-1);
    return [
      ...[setting, averagePrecision[setting].toFixed(3), countText(faces[setting])],
      last === undefined ? '' : percent(last.recall, 1),
    ];
  });
  return evaluationPage(head, tiles, [
    figureTable('settings', 'Settings', ['setting', 'average precision', 'faces that count', 'highest recall'], rows),
    charts([curveChart(measured)]),
    rules([
      `Read: ${countText(detections)} ${readingText(measured)}.`,
      'By the rules of WIDER FACE: best score first, each detection goes to the labelled face that it overlaps most, and is of that face from an intersection over union of 0.5 on.',
      'A detection of a face that the setting ignores counts neither way; a second one of the same face is wrong.',
      'Precision and recall at 1000 thresholds over the scores of all photos; the area is taken under the curve made monotonous, which is the one that is drawn.',
    ]),
  ]);
}

const KINDS: Readonly<Record<(typeof WIDER_SETTINGS)[number], SeriesKind>> = {
  easy: 'first',
  medium: 'second',
  hard: 'third',
};

function curveChart({ averagePrecision, curves }: MeasuredWider): Html {
  const share = (value: number): string => percent(value, 0);
  return drawChart({
    title: 'Precision and recall: how many faces are found, and how much of what is found is one',
    description: WIDER_SETTINGS.map((setting) => `${setting} ${averagePrecision[setting].toFixed(3)}`).join(', '),
    x: linearAxis('recall: share of the faces that are found', 0, 1, share),
    y: linearAxis('precision: share of the detections that are faces', 0, 1, share),
    series: WIDER_SETTINGS.map((setting) => ({
      label: `${setting}, ${averagePrecision[setting].toFixed(3)}`,
      kind: KINDS[setting],
      points: curves[setting].map(({ recall, precision }) => [recall, precision] as const),
    })),
  });
}
