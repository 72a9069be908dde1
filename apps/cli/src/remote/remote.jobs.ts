import type { Facelane, Job, NewJob } from '@facelane/client';
import { UsageError } from '@facelane/contracts';
import type { CliContext } from '../cli.context.js';
import { EXIT_CODES, isInterruption } from '../output/exit-codes.js';
import { JobProgress } from '../output/progress/job.progress.js';
import { jobText } from '../output/tables/job.table.js';
import { ensureRemoteCollection, remoteApi } from './remote.api.js';

/** Bulk jobs are run by a deployment, which goes on when the terminal is closed. @throws UsageError without one. */
export function jobsApi(context: CliContext): Facelane {
  const api = remoteApi(context);
  if (api !== undefined) return api;
  throw new UsageError(
    'Bulk jobs run in a deployment, and FACELANE_URL does not say where one is.',
    'Start one with `npm start` and set the FACELANE_URL and FACELANE_KEY that it prints.',
  );
}

/** Makes the job and follows it to its end. */
export async function runJob(context: CliContext, api: Facelane, job: NewJob): Promise<number> {
  await ensureRemoteCollection(api, job.collection);
  const made = await api.jobs.create(job, { signal: context.signal });
  context.note(`Job ${made.id} is on its way`);
  return followJob(context, api, made.id);
}

/** Shows a job until it has ended. Ctrl-C ends the showing, and the job goes on. */
export async function followJob(context: CliContext, api: Facelane, id: string): Promise<number> {
  const progress = new JobProgress({ stream: process.stderr, mode: context.progress, color: context.style.color });
  let last: Job | undefined;
  try {
    for await (const job of api.jobs.follow(id, { signal: context.signal })) {
      progress.show(job);
      last = job;
    }
  } catch (error) {
    if (!isInterruption(error)) throw error;
    context.note(`The job goes on. To see it again: facelane jobs show ${id} --follow`);
    return EXIT_CODES.interrupted;
  }
  return last === undefined ? EXIT_CODES.ok : printJob(context, last);
}

/** Prints a job; the exit code says whether something in it failed. */
export function printJob(context: CliContext, job: Job): number {
  context.print(context.json ? JSON.stringify(job) : jobText(job));
  return job.counts.failed > 0 || job.state === 'failed' ? EXIT_CODES.somePhotosFailed : EXIT_CODES.ok;
}
