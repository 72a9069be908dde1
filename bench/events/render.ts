import type { KillTrialFigures } from '../../libs/events/src/testing/kill.trial.js';
import { median } from '../statistics.js';
import type { HangingFigures } from './hanging.bench.js';
import type { LatencyFigures } from './latency.bench.js';
import type { RateFigures } from './rate.bench.js';

/** The parts that were measured, as Markdown, each figure beside the bar that it is held against. */
export interface EventFigures {
  readonly rate?: RateFigures | undefined;
  readonly latency?: LatencyFigures | undefined;
  readonly hanging?: HangingFigures | undefined;
  readonly kills?: KillTrialFigures | undefined;
}

export function renderEventFigures({ rate, latency, hanging, kills }: EventFigures): string {
  return [
    '| what | figure | bar |',
    '| --- | --- | --- |',
    ...(rate ? rateRows(rate) : []),
    ...(latency ? latencyRows(latency) : []),
    ...(hanging ? hangingRows(hanging) : []),
    ...(kills ? killRows(kills) : []),
  ].join('\n');
}

function rateRows({ deliveries, endpoints, each, bare, ours, ratios }: RateFigures): string[] {
  const what = `${deliveries} signed posts to ${endpoints} endpoints of one receiver, ${each} at a time each`;
  return [
    `| ${what}: the bare client | ${bare.toFixed(0)} a second | |`,
    `| the same as deliveries of one notify program | ${ours.toFixed(0)} a second | |`,
    `| deliveries ÷ bare posts | ${listed(ratios)} | ≥ 0.60 |`,
  ];
}

function latencyRows({ photos, whole, delivery }: LatencyFigures): string[] {
  const times = ({ p50, p95 }: LatencyFigures['whole']): string => `p50 ${p50.toFixed(0)}, p95 ${p95.toFixed(0)} ms`;
  return [
    `| ${photos} photos, one at a time: from its request to the receipt of \`asset.completed\` | ${times(whole)} | |`,
    `| of that, from the end of the work on | ${times(delivery)} | ≤ 50 ms |`,
  ];
}

function hangingRows({ endpoints, hanging, everyMs, without, beside, ratios }: HangingFigures): string[] {
  const what = `${endpoints} endpoints, an event for all every ${everyMs} ms: p95 until it arrives`;
  return [
    `| ${what} | ${without.toFixed(0)} ms | |`,
    `| the same beside ${hanging} of them that never answer | ${beside.toFixed(0)} ms | |`,
    `| beside ÷ without | ${listed(ratios)} | ≤ 1.5 |`,
  ];
}

function killRows({ events, kills, delivered, duplicates, unknown, changed }: KillTrialFigures): string[] {
  const what = `${events} events, notify killed ${kills} times, Redis killed once`;
  return [
    `| ${what}: arrived at least once | ${delivered} | all |`,
    `| the same: duplicates; unknown ids; changed bodies | ${duplicates}; ${unknown}; ${changed} | any; 0; 0 |`,
  ];
}

const listed = (ratios: readonly number[]): string =>
  `${median(ratios).toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')})`;
