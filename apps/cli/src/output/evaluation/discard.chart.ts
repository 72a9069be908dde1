import type { Html } from '../report/html.js';
import { linearAxis } from './chart.axis.js';
import { type Chart, drawChart, type Series } from './chart.js';
import { type MeasuredDiscard, shareText } from './discard.text.js';
import { percent, rateText } from './rate.text.js';

/** What is missed without the faces of least utility, beside as many discarded at random. */
export function discardChart(discard: MeasuredDiscard): Html {
  return drawChart(chartOf(discard));
}

function chartOf({ limit, steps }: MeasuredDiscard): Chart {
  const utility = steps.flatMap(({ share, fnmr }) => (fnmr === undefined ? [] : [[share, fnmr] as const]));
  const spread = steps.flatMap(({ share, random }) => (random === undefined ? [] : [{ share, ...random }]));
  const random = (deviations: number): Series['points'] =>
    spread.map(({ share, mean, deviation }) => [share, Math.max(0, mean + deviations * deviation)]);
  const highest = Math.max(...[...utility, ...random(1)].map(([, rate]) => rate));
  return {
    title: 'Error versus discard: what utility is worth',
    description: utility.map(([share, fnmr]) => `FNMR ${percent(fnmr)} without ${shareText(share)}`).join(', '),
    x: linearAxis('share of the faces that is discarded', 0, steps.at(-1)!.share, shareText),
    y: linearAxis(`false non-match rate at FMR ${rateText(limit)}`, 0, highest * 1.1 || 0.01, (rate) =>
      percent(rate, highest < 0.05 ? 1 : 0),
    ),
    series: [
      { label: 'those of least utility', kind: 'first', points: utility },
      { label: 'as many at random', kind: 'second', points: random(0) },
      { label: 'one standard deviation off', kind: 'guide', points: random(1) },
      { kind: 'guide', points: random(-1) },
    ],
    // Words at the ends would leave the frame, and near the first step they would lie on each other.
    marks: utility.slice(0, -1).flatMap((at) => (at[0] < 0.05 ? [] : [{ at, label: percent(at[1]) }])),
  };
}
