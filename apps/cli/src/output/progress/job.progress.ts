import type { Job } from '@facelane/client';
import { painter } from '../tables/table.js';
import { cutEnd } from '../terminal.text.js';
import { LiveArea } from './live.area.js';
import type { ProgressOptions } from './progress.mode.js';
import { bar, duration, speed } from './progress.text.js';

const BAR_COLUMNS = 24;
/** Time between two plain lines, ms. */
const PLAIN_INTERVAL_MS = 5_000;

/**
 * How far a bulk job is, as the API tells it: rows redrawn in place on a terminal, a line every few seconds elsewhere.
 * It keeps no count of its own, so it may begin at any time and shows the same to everybody.
 */
export class JobProgress {
  private readonly area: LiveArea;
  private readonly now: () => number;
  private told = -Infinity;

  constructor(private readonly options: ProgressOptions) {
    this.area = new LiveArea(options.stream);
    this.now = options.now ?? (() => performance.now());
  }

  show(job: Job): void {
    const { mode, stream } = this.options;
    if (mode === 'live') this.area.draw(this.rows(job).map((row) => cutEnd(row, (stream.columns ?? 80) - 1)));
    if (mode !== 'plain' || this.now() - this.told < PLAIN_INTERVAL_MS) return;
    this.told = this.now();
    stream.write(`${[overall(job), ...onItsWay(job)].join(' · ')}\n`);
  }

  private rows(job: Job): string[] {
    const { accounted, total, ratePerSecond } = job;
    const paint = painter(this.options.color ?? false);
    const isWhole = total !== undefined && accounted >= total;
    const drawn = total === undefined ? [] : [paint(bar(accounted / total, BAR_COLUMNS), isWhole ? 'good' : undefined)];
    const rate = ratePerSecond === undefined ? [] : [`${speed(ratePerSecond)}/s`];
    const first = [...drawn, `${accounted}${total === undefined ? '' : `/${total}`}`, ...rate].join('  ');
    return [first, `on its way: ${onItsWay(job).join(', ') || 'nothing'}`, overall(job)];
  }
}

/** Photos at each stage, in whatever state. */
const onItsWay = ({ stages }: Job): string[] =>
  stages.flatMap(({ stage, waiting, active, delayed }) => {
    const photos = waiting + active + delayed;
    return photos === 0 ? [] : [`${stage} ${photos}`];
  });

/** `1200 of 5000 items · 3 failed · about 2 min left`. */
export function overall({ state, accounted, total, counts, secondsLeft }: Job): string {
  return [
    `${accounted}${total === undefined ? '' : ` of ${total}`} items`,
    ...(counts.no_faces > 0 ? [`${counts.no_faces} without a face`] : []),
    ...(counts.duplicate > 0 ? [`${counts.duplicate} duplicates`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.cancelled > 0 ? [`${counts.cancelled} cancelled`] : []),
    ...(secondsLeft === undefined ? [] : [`about ${duration(secondsLeft)} left`]),
    ...(state === 'running' ? [] : [state]),
  ].join(' · ');
}
