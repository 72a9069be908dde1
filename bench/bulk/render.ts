import { median } from '../statistics.js';
import type { ChainFigures } from './chain.bench.js';
import type { FairnessFigures } from './fairness.bench.js';
import type { FeedingFigures } from './feeding.bench.js';
import type { LaneFigures, Latency, Request } from './lanes.bench.js';

const MEGABYTE = 1_000_000;

/** The parts that were measured, as Markdown, each figure beside the bar that it is held against. */
export interface BulkFigures {
  readonly chain?: ChainFigures | undefined;
  readonly feeding?: FeedingFigures | undefined;
  readonly fair?: FairnessFigures | undefined;
  readonly weighted?: FairnessFigures | undefined;
  readonly lanes?: LaneFigures | undefined;
}

export function renderBulkFigures({ chain, feeding, fair, weighted, lanes }: BulkFigures): string {
  return [
    '| what | figure | bar |',
    '| --- | --- | --- |',
    ...(chain ? chainRows(chain) : []),
    ...(feeding ? feedingRows(feeding) : []),
    ...(fair ? [fairnessRow(fair)] : []),
    ...(weighted ? [fairnessRow(weighted)] : []),
    ...(lanes ? laneRows(lanes) : []),
  ].join('\n');
}

function chainRows({ items, bare, ours, ratios }: ChainFigures): string[] {
  const all = ratios.map((ratio) => ratio.toFixed(2)).join(', ');
  return [
    `| four hops that do nothing, ${items} items, bare BullMQ | ${bare.toFixed(0)} items/s | |`,
    `| the same as stages of the pipeline | ${ours.toFixed(0)} items/s | |`,
    `| stages ÷ bare BullMQ | ${median(ratios).toFixed(2)} (${all}) | ≥ 0.50 |`,
  ];
}

function feedingRows({ items, perSecond, rssIdle, ...most }: FeedingFigures): string[] {
  const { rssTenth, rssPeak, redisTenth, redisPeak } = most;
  const grown = (rss: number): string => megabytes(rss - rssIdle);
  return [
    `| a job of ${items} items through stages that do nothing | ${perSecond.toFixed(0)} items/s | |`,
    `| memory of Redis, most (after a tenth) | ${megabytes(redisPeak)} (${megabytes(redisTenth)}) | ≤ 60 MB |`,
    `| growth of the feeder, most (after a tenth) | ${grown(rssPeak)} (${grown(rssTenth)}) | ≤ 100 MB |`,
  ];
}

function fairnessRow({ items, delaySeconds, weight, share, overlap }: FairnessFigures): string {
  const due = weight / (weight + 1);
  const who = `two tenants, ${items} items each, one ${delaySeconds} s later, weights ${weight}:1`;
  return `| ${who}: share of the first, of ${overlap} in the overlap | ${percent(share)} | ${percent(due)} ± 10 % |`;
}

function laneRows({ items, requests, ended, perSecond, perSecondAlone, idle, busy }: LaneFigures): string[] {
  const row = (request: Request, what: string): string => {
    const ratio = busy[request].p95 / idle[request].p95;
    const cells = [`${what}: idle → while a job runs`, `${times(idle[request])} → ${times(busy[request])}`];
    return `| ${cells.join(' | ')}: p95 × ${ratio.toFixed(2)} | ≤ 2 |`;
  };
  return [
    row('search', `${requests} searches, one at a time`),
    row('asset', `${requests} single photos, one at a time`),
    `| that job, of ${items} photos: ${ended} done meanwhile | ${perSecond.toFixed(1)} photos/s, alone ${perSecondAlone.toFixed(1)} | |`,
  ];
}

const times = ({ p50, p95 }: Latency): string => `p50 ${p50.toFixed(0)}, p95 ${p95.toFixed(0)} ms`;
const megabytes = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
