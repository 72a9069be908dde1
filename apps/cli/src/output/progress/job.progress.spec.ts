import type { Job } from '@facelane/client';
import { expect, it } from 'vitest';
import { JobProgress, overall } from './job.progress.js';

const job = (more: Partial<Job> = {}): Job =>
  ({
    ...{ id: 'j', state: 'running', accounted: 1200, total: 5000, ratePerSecond: 41.2, secondsLeft: 92 },
    counts: { done: 1000, no_faces: 190, duplicate: 7, failed: 3, cancelled: 0 },
    stages: [
      { stage: 'ingest', waiting: 100, active: 2, delayed: 1 },
      { stage: 'detect', waiting: 0, active: 4, delayed: 0 },
      { stage: 'embed', waiting: 0, active: 0, delayed: 0 },
    ],
    ...more,
  }) as Job;

const without = (whole: Job, ...names: readonly (keyof Job)[]): Job =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name as keyof Job))) as unknown as Job;

class Screen {
  readonly columns = 80;
  written = '';
  write(text: string): void {
    this.written += text;
  }
}

it('shows how far a job is, how fast, and where its photos are', () => {
  const screen = new Screen();
  new JobProgress({ stream: screen, mode: 'live' }).show(job());
  // eslint-disable-next-line no-control-regex -- Escape sequences are what is taken out.
  const rows = screen.written.replaceAll(/\u001b\[\d*[AKJ]|\r/g, '').trimEnd();
  expect(rows.split('\n')).toEqual(
    [
      '█████▊░░░░░░░░░░░░░░░░░░  1200/5000  41.2/s',
      'on its way: ingest 103, detect 4',
      '1200 of 5000 items · 190 without a face · 7 duplicates · 3 failed · about 1 min 32 s left',
    ].map((row) => (row.length < 80 ? row : `${row.slice(0, 78)}…`)),
  );
});

it('shows no bar of what has no known length', () => {
  const screen = new Screen();
  const open = without(job(), 'total', 'secondsLeft');
  new JobProgress({ stream: screen, mode: 'live' }).show(open);
  expect(screen.written).toMatch(/^1200 {2}41\.2\/s/);
});

it('writes a line now and then where there is no terminal, and nothing for scripts', () => {
  let now = 0;
  const [plain, silent] = [new Screen(), new Screen()];
  const progress = new JobProgress({ stream: plain, mode: 'plain', now: () => now });
  for (; now < 11_000; now += 1_000) progress.show(job());
  expect(plain.written.trimEnd().split('\n')).toHaveLength(3);
  expect(plain.written).toMatch(/^1200 of 5000 items .* · ingest 103 · detect 4\n/);
  new JobProgress({ stream: silent, mode: 'silent' }).show(job());
  expect(silent.written).toBe('');
});

it('says the state of a job that does not run', () => {
  const counts = { done: 1, no_faces: 0, duplicate: 0, failed: 0, cancelled: 2 };
  const ended = without(job({ state: 'cancelled', accounted: 3, total: 3, counts }), 'secondsLeft');
  expect(overall(ended)).toBe('3 of 3 items · 2 cancelled · cancelled');
});
