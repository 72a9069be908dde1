import type { VerificationReport } from '@facelane/evaluation';
import { lowestRate } from '@facelane/vision';
import type { Html } from '../report/html.js';
import { linearAxis, logAxis, percentLabel } from './chart.axis.js';
import { type Chart, drawChart, type Series } from './chart.js';
import { percent, rateText } from './rate.text.js';

type Measured = Pick<VerificationReport, 'roc' | 'histogram' | 'impostorPairs' | 'points'>;

/** ROC, DET and two histograms. A DET curve needs errors of both kinds: where no threshold makes one it is left out. */
export function verificationCharts(report: Measured): readonly Html[] {
  const hasErrors = report.roc.some(({ fmr, tar }) => fmr > 0 && tar < 1);
  const curves = hasErrors ? [rocChart(report), detChart(report)] : [rocChart(report)];
  return [...curves, histogramChart(report, 'linear'), histogramChart(report, 'log')].map(drawChart);
}

const FMR = 'false match rate: share of the pairs of two people (log scale)';

function rocChart(report: Measured): Chart {
  const borne = report.roc.filter(({ fmr }) => fmr >= lowestRate(report.impostorPairs));
  // What rests on a handful of pairs does not decide the scale.
  const from = lowerEnd(Math.min(...borne.map(({ tar }) => tar)));
  const points = report.roc.filter(({ fmr, tar }) => fmr > 0 && tar >= from);
  return {
    title: 'ROC: who is recognised, for how many strangers taken for each other',
    description: report.points.map(({ limit, tar }) => `TAR ${percent(tar)} at FMR ${rateText(limit)}`).join(', '),
    x: logAxis(FMR, 1 / report.impostorPairs),
    y: linearAxis('true accept rate: share of pairs of one person', from, 1, (value) => percent(value, 0)),
    series: [
      { label: 'all pairs', kind: 'first', points: points.map(({ fmr, tar }) => [fmr, tar]) },
      fewPairs(report, from, 1),
    ],
    marks: report.points.map(({ fmr, tar }) => ({ at: [fmr, tar], label: percent(tar) })),
  };
}

function detChart(report: Measured): Chart {
  const points = report.roc.filter(({ fmr, tar }) => fmr > 0 && tar < 1);
  const lowest = Math.min(...points.map(({ tar }) => 1 - tar), 0.1);
  return {
    title: 'DET: the two kinds of error',
    description: report.points.map(({ limit, tar }) => `FNMR ${percent(1 - tar)} at FMR ${rateText(limit)}`).join(', '),
    x: logAxis(FMR, 1 / report.impostorPairs),
    y: logAxis('false non-match rate (log scale)', lowest, percentLabel),
    series: [
      { label: 'all pairs', kind: 'first', points: points.map(({ fmr, tar }) => [fmr, 1 - tar]) },
      fewPairs(report, lowest / 10, 1),
    ],
    marks: report.points
      .filter(({ tar }) => tar < 1)
      .map(({ fmr, tar }) => ({ at: [fmr, 1 - tar], label: percent(1 - tar) })),
  };
}

const lowerEnd = (lowest: number): number => [0.95, 0.9, 0.8, 0.5].find((end) => end < lowest) ?? 0;

/** Left of it the curve rests on fewer than thirty false matches. */
const fewPairs = ({ impostorPairs }: Measured, from: number, to: number): Series => ({
  label: 'left of this fewer than 30 false matches bear the curve',
  kind: 'guide',
  points: [lowestRate(impostorPairs)].filter((at) => at < 1).flatMap((at) => [[at, from] as const, [at, to] as const]),
});

function histogramChart({ histogram, points }: Measured, scale: 'linear' | 'log'): Chart {
  const shares = (counts: readonly number[]): readonly number[] => {
    const all = counts.reduce((sum, count) => sum + count, 0) || 1;
    return counts.map((count) => count / all);
  };
  const [genuine, impostor] = [shares(histogram.genuine), shares(histogram.impostor)];
  const present = [...genuine, ...impostor].filter((share) => share > 0);
  const highest = Math.max(...present);
  const width = 2 / genuine.length;
  const title = `share of the pairs per ${width} of cosine${scale === 'log' ? ' (log scale)' : ''}`;
  const y =
    scale === 'log'
      ? logAxis(title, Math.min(...present))
      : linearAxis(title, 0, highest * 1.05, (value) => percent(value, highest < 0.05 ? 1 : 0));
  return {
    title: scale === 'log' ? 'Scores again: where the two overlap' : 'Scores of pairs',
    description: 'how often each cosine occurs among pairs of one person and of two',
    x: linearAxis('cosine of the two faces (no unit)', -1, 1, (value) => value.toFixed(1)),
    y,
    series: [
      { label: 'one person (genuine)', kind: 'first', filled: true, points: steps(genuine) },
      { label: 'two people (impostor)', kind: 'second', filled: true, points: steps(impostor) },
      ...points.map(({ threshold }): Series => ({ kind: 'guide', points: [[threshold, y.from], [threshold, y.to]] })), // prettier-ignore
    ],
  };
}

/** The outline of bars; those of nothing lie on the axis. */
function steps(shares: readonly number[]): (readonly [number, number])[] {
  const width = 2 / shares.length;
  const [first, last] = [shares.findIndex((share) => share > 0), shares.findLastIndex((share) => share > 0)];
  const least = Number.MIN_VALUE;
  return shares.slice(Math.max(0, first), last + 1).flatMap((share, at) => {
    const left = -1 + (first + at) * width;
    return [[left, Math.max(share, least)] as const, [left + width, Math.max(share, least)] as const];
  });
}
