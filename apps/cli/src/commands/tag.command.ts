import { UsageError } from '@facelane/contracts';
import type { CliContext, CommonFlags } from '../cli.context.js';
import { withSession } from '../local.session.js';
import { findPhotos } from '../photo.files.js';
import { isJobSource, jobSource } from '../remote/job.sources.js';
import { jobsApi, runJob } from '../remote/remote.jobs.js';
import { readBars } from './bars/bars.file.js';
import { BARS_FLAG, requireOwnBars } from './bars/bars.option.js';
import { type CliCommand, DEFAULT_COLLECTION } from './command.js';
import { type TagOptions, tagPhotos } from './tag.photos.js';

interface TagFlags extends CommonFlags, TagOptions {
  readonly bars?: string;
}

export const tagCommand: CliCommand = {
  register(program, run) {
    program
      .command('tag')
      .summary('find who is in which photo')
      .argument(
        '<paths...>',
        'photos, folders of photos; with a running API s3://bucket/prefix, or a list.jsonl or .csv',
      )
      .option('--people <dir>', 'enrol the people of <dir>/<name>/*.jpg first')
      .option('--collection <name>', 'collection to compare with', DEFAULT_COLLECTION)
      .option(BARS_FLAG, 'give the collection bars of quality, as JSON; a face below is not compared')
      .option('--annotate <dir>', 'write each photo with boxes and names drawn in')
      .option('--report <file>', 'write one HTML page with everything in it')
      .action(
        run<TagFlags>(async (context, flags, paths) => {
          if (paths.some(isJobSource)) return tagInBulk(context, flags, paths);
          const photos = await findPhotos(paths);
          if (photos.length === 0) {
            throw new UsageError(
              `No photo was found in ${paths.join(', ')}.`,
              'Name photos, or folders that hold some.',
            );
          }
          const options = { ...flags, qualityBars: await readBars(flags.bars) };
          return withSession(context, async (local) => (await tagPhotos(context, local, options, photos)).exitCode);
        }),
      );
  },
};

/** What lies in buckets is tagged by a deployment that may read them. */
async function tagInBulk(
  context: CliContext,
  flags: TagFlags,
  [source = '', ...more]: readonly string[],
): Promise<number> {
  const { collection, people, annotate, report, bars } = flags;
  const api = jobsApi(context);
  if (more.length > 0 || [people, annotate, report].some((flag) => flag !== undefined)) {
    throw new UsageError(
      'A list or a prefix is tagged by a bulk job, which takes one of them and draws nothing.',
      'Name it alone, without --people, --annotate and --report; enrol people with `enroll` first.',
    );
  }
  requireOwnBars(context, bars);
  return runJob(context, api, { collection, ...(await jobSource(api, source, context.signal)) });
}
