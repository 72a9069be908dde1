import type { Html } from '../report/html.js';
import { linearAxis, logAxis } from './chart.axis.js';
import { drawChart } from './chart.js';
import { charts, evaluationPage, figureTable, rules } from './evaluation.page.js';
import { failureLines, type MeasuredSearch, unstatedLines } from './identify.text.js';
import type { RunFacts } from './run.facts.js';
import { cosineText, countText, intervalText, percent, rateText } from './rate.text.js';

/** The page of `eval identify`. */
export function identifyPage(measured: MeasuredSearch, { createdAt, seconds }: RunFacts): string {
  const { contract, enrolledPeople, matedSearches, points, rank1, rank1Interval, strangerPeople } = measured;
  const head = {
    title: `Searching a gallery: ${percent(rank1)} found first`,
    subtitle: `${countText(measured.photos)} photos, ${countText(enrolledPeople)} people enrolled and ${countText(strangerPeople)} not, in ${Math.round(seconds)} s`,
    ...{ contract, createdAt },
  };
  const tiles = [
    { label: 'rank 1', value: percent(rank1), more: rank1Interval && intervalText(rank1Interval) },
    ...points.map(({ limit, dir, dirInterval }) => ({
      label: `DIR at FPIR ${rateText(limit)}`,
      value: percent(dir),
      more: dirInterval && intervalText(dirInterval),
    })),
    {
      label: 'searches',
      value: countText(matedSearches),
      more: `and ${countText(measured.strangerSearches)} for strangers`,
    },
  ];
  const rows = points.map(({ limit, threshold, fpir, dir, dirInterval }) => [
    ...[rateText(limit), cosineText(threshold), percent(fpir, 3), percent(dir)],
    dirInterval === undefined ? '' : intervalText(dirInterval),
  ]);
  return evaluationPage(head, tiles, [
    figureTable('points', 'Open set', ['FPIR asked for', 'cosine', 'FPIR there', 'DIR', '95 % of DIR'], rows),
    charts([...(measured.curve.length > 0 ? [openSetChart(measured)] : []), rankChart(measured)]),
    rules([
      'Who has one photo is a stranger; of the others a quarter are, by the SHA-256 of their names. Everybody else is enrolled with the first of his photos in order of path, and each of the others is a search.',
      'Of each photo the main face is taken: of all faces the one nearest to the middle, in widths of the face.',
      'Rank 1: share of the searches for enrolled people that have the right person first; equal scores count against him.',
      'FPIR, the false positive identification rate: share of the searches for strangers that return anybody. DIR, the detection and identification rate: share of the searches for enrolled people that return the right one first, at or above the threshold (1 − FNIR at rank 1 in the terms of NIST).',
      'A photo without a face, or one that cannot be read, is an error of the system: a search with it is missed, and so are all searches for somebody whose enrolled photo it is. Without a face, a search for a stranger is left out, so that a failure never lowers the FPIR.',
      'A rate r is stated from 3 ÷ r searches for strangers on (rule of 3). Intervals are of 95 %, by the bootstrap over people.',
      ...failureLines(measured),
      ...unstatedLines(measured),
    ]),
  ]);
}

function openSetChart({ curve, points, strangerSearches }: MeasuredSearch): Html {
  const drawn = curve.filter(({ fmr }) => fmr > 0);
  const lowest = Math.min(...drawn.map(({ tar }) => tar));
  return drawChart({
    title: 'Open set: who is found, for how many strangers that are taken for somebody',
    description: points.map(({ limit, dir }) => `DIR ${percent(dir)} at FPIR ${rateText(limit)}`).join(', '),
    x: logAxis('false positive identification rate: share of searches for strangers (log scale)', 1 / strangerSearches),
    y: linearAxis('detection and identification rate', Math.min(0.9, Math.floor(lowest * 10) / 10), 1, (value) =>
      percent(value, 0),
    ),
    series: [{ kind: 'first', points: drawn.map(({ fmr, tar }) => [fmr, tar]) }],
    marks: points.map(({ fpir, dir }) => ({ at: [fpir, dir], label: percent(dir) })),
  });
}

function rankChart({ cmc, rank1 }: MeasuredSearch): Html {
  const lowest = Math.max(0, Math.floor((rank1 - 0.02) * 20) / 20);
  return drawChart({
    title: 'Rank: among how many candidates the right person is',
    description: `from ${percent(rank1)} at rank 1 to ${percent(cmc.at(-1)!)} at rank ${cmc.length}`,
    x: linearAxis('candidates looked at (rank)', 1, cmc.length, String),
    y: linearAxis('share of the searches', lowest, 1, (value) => percent(value, 1)),
    series: [{ kind: 'first', points: cmc.map((share, at) => [at + 1, share]) }],
    marks: [{ at: [1, rank1], label: `${percent(rank1)} first` }],
  });
}
