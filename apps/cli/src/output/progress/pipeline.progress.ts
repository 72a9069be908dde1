import { count } from '../summary.js';
import { painter } from '../tables/table.js';
import { cutEnd, padEnd, padStart, plainLine } from '../terminal.text.js';
import { LiveArea } from './live.area.js';
import type { ProgressOptions } from './progress.mode.js';
import { bar, duration, speed } from './progress.text.js';
import { RateMeter } from './rate.meter.js';

export interface PipelineProgressOptions extends ProgressOptions {
  /** Stage names in the order a photo passes them, e.g. PIPELINE's. At least one. */
  readonly stages: readonly string[];
  /** Time between two plain lines, ms. Default 5000. */
  readonly plainIntervalMs?: number;
}

interface StageCount {
  readonly name: string;
  done: number;
  failed: number;
  readonly meter: RateMeter;
}

const LIVE_INTERVAL_MS = 100;
const BAR_COLUMNS = 24;

/**
 * How far the photos are along the pipeline: a bar per stage on a terminal, a line every few seconds elsewhere.
 *
 * Tell it how many photos to expect and each photo's step once; it asks nobody and knows no queue.
 *
 *     const progress = new PipelineProgress({ stages: ['ingest', 'detect', 'embed', 'match'], stream, mode });
 *     progress.expect(500);
 *     progress.start();
 *     progress.completed('detect');
 *     progress.stop();
 */
export class PipelineProgress {
  private readonly stages: readonly StageCount[];
  private readonly area: LiveArea;
  private readonly now: () => number;
  private expected = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: PipelineProgressOptions) {
    this.stages = options.stages.map((name) => ({ name, done: 0, failed: 0, meter: new RateMeter() }));
    this.area = new LiveArea(options.stream);
    this.now = options.now ?? (() => performance.now());
  }

  /** More photos are coming: may be called again as they are found. */
  expect(photos: number): void {
    this.expected += photos;
  }

  completed(stage: string): void {
    this.find(stage).done += 1;
  }

  /** The photo will not reach the stages after this one. */
  failed(stage: string): void {
    this.find(stage).failed += 1;
  }

  /** A line that stays, e.g. that a photo failed. */
  note(text: string): void {
    if (this.options.mode === 'live') this.area.print(this.fit(plainLine(text)), this.liveLines());
    if (this.options.mode === 'plain') this.options.stream.write(`${plainLine(text)}\n`);
  }

  start(): void {
    const { mode, plainIntervalMs = 5_000 } = this.options;
    this.sample();
    if (mode === 'silent') return;
    this.timer = setInterval(() => this.tick(), mode === 'live' ? LIVE_INTERVAL_MS : plainIntervalMs);
    // Progress never keeps a program alive.
    this.timer.unref();
  }

  /** The last state stays on the screen. Safe to call more than once, and after Ctrl-C. */
  stop(): void {
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.tick();
  }

  /** Draws the state of now; start() does it on a timer. */
  tick(): void {
    this.sample();
    if (this.options.mode === 'live') this.area.draw(this.liveLines());
    if (this.options.mode === 'plain') this.options.stream.write(`${this.plainText()}\n`);
  }

  private find(stage: string): StageCount {
    const found = this.stages.find(({ name }) => name === stage);
    if (found === undefined) throw new RangeError(`There is no stage ${stage} to show progress of.`);
    return found;
  }

  private sample(): void {
    for (const { meter, done, failed } of this.stages) meter.record(this.now(), done + failed);
  }

  private liveLines(): readonly string[] {
    const paint = painter(this.options.color ?? false);
    const name = Math.max(...this.stages.map((stage) => stage.name.length));
    const digits = String(this.expected).length;
    const bars = this.stages.map((stage, at) => {
      const total = this.reaching(at);
      const passed = stage.done + stage.failed;
      const rate = passed >= total ? undefined : stage.meter.perSecond(this.now());
      const drawn = paint(bar(total === 0 ? 0 : passed / total, BAR_COLUMNS), passed >= total ? 'good' : undefined);
      const counts = `${padStart(String(passed), digits)}/${padEnd(String(total), digits)}`;
      return `${padEnd(stage.name, name)}  ${drawn}  ${counts}  ${rate === undefined ? '' : `${speed(rate)}/s`}`;
    });
    return [...bars.map((line) => this.fit(line)), this.fit(this.overall())];
  }

  private plainText(): string {
    const counts = this.stages.map(({ name, done, failed }, at) => `${name} ${done + failed}/${this.reaching(at)}`);
    return `${counts.join(', ')} · ${this.overall()}`;
  }

  private overall(): string {
    const failures = this.stages.reduce((sum, { failed }) => sum + failed, 0);
    const finished = (this.stages.at(-1)?.done ?? 0) + failures;
    const left = this.secondsLeft();
    return [
      `${finished} of ${count(this.expected, 'photo')} finished`,
      ...(failures > 0 ? [`${failures} failed`] : []),
      ...(left === undefined ? [] : [`about ${duration(left)} left`]),
    ].join(' · ');
  }

  /** The slowest stage decides. Undefined as long as a stage with work ahead has not shown its speed. */
  private secondsLeft(): number | undefined {
    let longest = 0;
    for (const [at, { done, failed, meter }] of this.stages.entries()) {
      const ahead = this.reaching(at) - done - failed;
      const rate = meter.perSecond(this.now());
      if (ahead > 0 && rate === undefined) return undefined;
      if (ahead > 0 && rate !== undefined) longest = Math.max(longest, ahead / rate);
    }
    return longest === 0 ? undefined : longest;
  }

  /** Photos that come as far as this stage: all but those that failed before it. */
  private reaching(stage: number): number {
    return this.expected - this.stages.slice(0, stage).reduce((sum, { failed }) => sum + failed, 0);
  }

  private fit(line: string): string {
    return cutEnd(line.trimEnd(), (this.options.stream.columns ?? 80) - 1);
  }
}
