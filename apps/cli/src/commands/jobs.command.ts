import type { Facelane, Job, JobSummary } from '@facelane/client';
import type { CliContext, CommonFlags } from '../cli.context.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { jobTable, jobText } from '../output/tables/job.table.js';
import { followJob, jobsApi, printJob } from '../remote/remote.jobs.js';
import type { CliCommand, Runner } from './command.js';

interface ListFlags extends CommonFlags {
  readonly state?: Job['state'];
  readonly collection?: string;
}

interface ShowFlags extends CommonFlags {
  readonly follow?: boolean;
}

interface RetryFlags extends CommonFlags {
  readonly code?: string;
}

export const jobsCommand: CliCommand = {
  register(program, run) {
    const group = program.command('jobs').summary('bulk jobs of a running API: see and steer them');
    group
      .command('list')
      .summary('every job, one line each')
      .option('--state <state>', 'only in this state')
      .option('--collection <name>', 'only of this collection')
      .action(run<ListFlags>(listJobs));
    group
      .command('show')
      .summary('how far a job is')
      .argument('<id>', 'the job')
      .option('-f, --follow', 'until it has ended; Ctrl-C leaves, and the job goes on')
      .action(
        run<ShowFlags>(async (context, { follow }, [id = '']) => {
          const api = jobsApi(context);
          return follow === true ? followJob(context, api, id) : printJob(context, await api.jobs.get(id));
        }),
      );
    group
      .command('retry')
      .summary('make a new job of what failed in one, and show it')
      .argument('<id>', 'the job')
      .option('--code <code>', 'only what failed with this error code')
      .action(
        run<RetryFlags>(async (context, { code }, [id = '']) => {
          const api = jobsApi(context);
          const made = await api.jobs.retry(id, code, { signal: context.signal });
          context.note(`Job ${made.id} tries ${made.total ?? 0} items again`);
          return followJob(context, api, made.id);
        }),
      );
    for (const [name, summary, ask] of STEERING) {
      group.command(name).summary(summary).argument('<id>', 'the job').action(steer(run, ask));
    }
  },
};

type Ask = (api: Facelane, id: string) => Promise<Job>;

const STEERING: readonly (readonly [string, string, Ask])[] = [
  ['pause', 'begin nothing new until it is resumed', (api, id) => api.jobs.pause(id)],
  ['resume', 'go on with a paused job', (api, id) => api.jobs.resume(id)],
  ['cancel', 'end a job for good', (api, id) => api.jobs.cancel(id)],
];

const steer = (run: Runner, ask: Ask): ReturnType<Runner> =>
  run<CommonFlags>(async (context, _flags, [id = '']) => {
    const job = await ask(jobsApi(context), id);
    context.print(context.json ? JSON.stringify(job) : jobText(job));
    return EXIT_CODES.ok;
  });

async function listJobs(context: CliContext, { state, collection }: ListFlags): Promise<number> {
  const query = { ...(state !== undefined && { state }), ...(collection !== undefined && { collection }) };
  const jobs: JobSummary[] = [];
  for await (const job of jobsApi(context).jobs.list(query, { signal: context.signal })) jobs.push(job);
  // The newest is what one looks for, and the last line is what one sees.
  const inOrder = jobs.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt));
  if (context.json) for (const job of inOrder) context.print(JSON.stringify(job));
  else context.print(inOrder.length === 0 ? 'No jobs.' : jobTable(inOrder, context.style));
  return EXIT_CODES.ok;
}
