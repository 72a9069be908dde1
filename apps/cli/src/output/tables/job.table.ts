import type { Job, JobSummary } from '@facelane/client';
import { overall } from '../progress/job.progress.js';
import { type Cell, renderTable, type TableStyle, type Tone } from './table.js';

const COLUMNS = [
  { title: 'Job' },
  { title: 'State' },
  { title: 'Items', align: 'right' },
  { title: 'Failed', align: 'right' },
  { title: 'Collection' },
  { title: 'Source', cut: 'middle' },
] as const;

/** One line per job. */
export function jobTable(jobs: readonly JobSummary[], style: TableStyle): string {
  return renderTable(COLUMNS, jobs.map(cells), style);
}

function cells({ id, state, accounted, total, counts, collection, source }: JobSummary): readonly Cell[] {
  const items = total === undefined ? String(accounted) : `${accounted}/${total}`;
  return [id, [{ text: state, tone: TONES[state] }], items, String(counts.failed), collection, source];
}

const TONES: Readonly<Record<JobSummary['state'], Tone>> = {
  waiting: 'dim',
  running: 'good',
  paused: 'warn',
  cancelled: 'dim',
  completed: 'good',
  failed: 'bad',
};

/** A job in a few lines, with what failed and where the rest is told. */
export function jobText(job: Job): string {
  const { id, source, collection, failures, failure, results } = job;
  const codes = Object.entries(failures).toSorted(([, a], [, b]) => b - a);
  return [
    `Job ${id}: ${overall(job)}`,
    `  from ${source} into ${collection}`,
    ...(failure === undefined ? [] : [`  ${failure.code}: ${failure.message}`, `  ${failure.remedy}`]),
    ...codes.map(([code, items]) => `  ${code}  ${items}`),
    ...(results === undefined ? [] : [`  How every item ended: s3://${results.bucket}/${results.key}`]),
  ].join('\n');
}
