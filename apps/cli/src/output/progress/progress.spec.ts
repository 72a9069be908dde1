import { describe, expect, it } from 'vitest';
import { ModelProgress } from './model.progress.js';
import { PipelineProgress } from './pipeline.progress.js';
import { type ProgressMode, progressMode } from './progress.mode.js';
import { bar, bytesText, duration } from './progress.text.js';
import { RateMeter } from './rate.meter.js';

class Screen {
  written = '';
  readonly columns: number = 80;
  readonly isTTY: boolean = true;

  write(text: string): void {
    this.written += text;
  }

  /** The rows as a terminal shows them: understands cursor up, clear to end of line and clear below. */
  rows(): string[] {
    const rows: string[] = [''];
    let row = 0;
    // eslint-disable-next-line no-control-regex -- Escape sequences are what is read here.
    for (const [token] of this.written.matchAll(/\u001b\[(\d*)[AKJ]|\r|\n|[^\u001b\r\n]+/g)) {
      if (token.endsWith('A')) row -= Number(token.slice(2, -1));
      else if (token === '\n') rows[(row += 1)] ??= '';
      else if (token.endsWith('J')) rows.length = row + 1;
      else if (!token.startsWith('\u001b') && token !== '\r') rows[row] = token;
    }
    return rows.filter((text) => text !== '');
  }
}

function setUp(mode: ProgressMode) {
  const screen = new Screen();
  let time = 0;
  const progress = new PipelineProgress({
    stages: ['ingest', 'detect', 'embed', 'match'],
    stream: screen,
    mode,
    now: () => time,
  });
  const after = (ms: number, photos: number): void => {
    time += ms;
    for (let photo = 0; photo < photos; photo += 1) {
      for (const stage of ['ingest', 'detect', 'embed', 'match']) progress.completed(stage);
    }
    progress.tick();
  };
  return { screen, progress, after };
}

describe('PipelineProgress', () => {
  it('redraws one bar per stage in place', () => {
    const { screen, progress, after } = setUp('live');
    progress.expect(40);
    progress.tick();
    after(1000, 10);
    progress.completed('ingest');
    progress.failed('detect');
    after(1000, 9);
    expect(screen.rows()).toMatchInlineSnapshot(`
      [
        "ingest  ████████████░░░░░░░░░░░░  20/40  10.0/s",
        "detect  ████████████░░░░░░░░░░░░  20/40  10.0/s",
        "embed   ███████████▊░░░░░░░░░░░░  19/39  9.5/s",
        "match   ███████████▊░░░░░░░░░░░░  19/39  9.5/s",
        "20 of 40 photos finished · 1 failed · about 2 s left",
      ]
    `);
  });

  it('keeps notes above the bars and rows below the width of the terminal', () => {
    const { screen, progress } = setUp('live');
    progress.expect(1);
    progress.tick();
    progress.note(`broken.jpg\u001b[2J failed: ${'long '.repeat(40)}`);
    const rows = screen.rows();
    expect(rows).toHaveLength(6);
    expect(rows[0]).toMatch(/^broken\.jpg \[2J failed: long .*…$/);
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThan(80);
  });

  it('leaves the cursor and line wrapping as they were, so that nothing needs restoring', () => {
    const { screen, after } = setUp('live');
    after(1000, 5);
    expect(screen.written).not.toContain('\u001b[?');
  });

  it('writes plain lines without escapes elsewhere', () => {
    const { screen, progress, after } = setUp('plain');
    progress.expect(30);
    progress.tick();
    after(1000, 10);
    expect(screen.written.split('\n')).toEqual([
      'ingest 0/30, detect 0/30, embed 0/30, match 0/30 · 0 of 30 photos finished',
      'ingest 10/30, detect 10/30, embed 10/30, match 10/30 · 10 of 30 photos finished · about 2 s left',
      '',
    ]);
  });

  it('says nothing when silent, and stops twice without harm', () => {
    const { screen, progress, after } = setUp('silent');
    progress.start();
    after(1000, 5);
    progress.note('x');
    progress.stop();
    progress.stop();
    expect(screen.written).toBe('');
  });

  it('refuses a stage it was not told of', () => {
    expect(() => setUp('plain').progress.completed('notify')).toThrow('There is no stage notify');
  });
});

it('progressMode: silent for scripts, live on a terminal, plain elsewhere', () => {
  const stream = { write: () => true };
  expect(progressMode({ ...stream, isTTY: true })).toBe('live');
  expect(progressMode(stream)).toBe('plain');
  expect(progressMode({ ...stream, isTTY: true }, { json: true })).toBe('silent');
  expect(progressMode({ ...stream, isTTY: true }, { quiet: true })).toBe('silent');
});

describe('ModelProgress', () => {
  const state = { name: 'face-detect', receivedBytes: 600_000, totalBytes: 1_200_000 };

  it('draws one bar per file', () => {
    const screen = new Screen();
    const progress = new ModelProgress({ stream: screen, mode: 'live' });
    progress.update({ name: 'embedder', receivedBytes: 0, totalBytes: 4_800_000, phase: 'cached' });
    progress.update({ ...state, phase: 'downloading' });
    expect(screen.rows()).toMatchInlineSnapshot(`
      [
        "embedder     ████████████████████    4.8 MB of   4.8 MB  here already",
        "face-detect  ██████████░░░░░░░░░░  600.0 kB of   1.2 MB  downloading",
      ]
    `);
  });

  it('writes a line at the start and at the end of each file elsewhere', () => {
    const screen = new Screen();
    const progress = new ModelProgress({ stream: screen, mode: 'plain' });
    for (const phase of ['downloading', 'downloading', 'verifying', 'done'] as const)
      progress.update({ ...state, phase });
    expect(screen.written).toBe('face-detect: downloading, 1.2 MB\nface-detect: done, 1.2 MB\n');
  });
});

it('RateMeter follows the last ten seconds', () => {
  const meter = new RateMeter();
  expect(meter.perSecond(0)).toBeUndefined();
  for (let second = 0; second <= 20; second += 1)
    meter.record(second * 1000, Math.min(second, 10) + Math.max(0, second - 10) * 5);
  expect(meter.perSecond(20_000)).toBeCloseTo(5, 5);
});

it('says times and sizes in words', () => {
  expect([0.4, 59.6, 200, 3600, 7500].map(duration)).toEqual(['0 s', '1 min', '3 min 20 s', '1 h', '2 h 5 min']);
  expect([999, 1500, 4_800_000, 2.5e9].map(bytesText)).toEqual(['999 B', '1.5 kB', '4.8 MB', '2.50 GB']);
  expect([bar(0, 4), bar(0.5, 4), bar(0.53, 4), bar(2, 4)]).toEqual(['░░░░', '██░░', '██▏░', '████']);
});
