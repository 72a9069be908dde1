import { UsageError } from '@facelane/contracts';
import type { CommonFlags } from '../cli.context.js';
import { withSession } from '../local.session.js';
import { findPhotos } from '../photo.files.js';
import { type CliCommand, DEFAULT_COLLECTION } from './command.js';
import { type TagOptions, tagPhotos } from './tag.photos.js';

type TagFlags = CommonFlags & TagOptions;

export const tagCommand: CliCommand = {
  register(program, run) {
    program
      .command('tag')
      .summary('find who is in which photo')
      .argument('<paths...>', 'photos, or folders of photos')
      .option('--people <dir>', 'enrol the people of <dir>/<name>/*.jpg first')
      .option('--collection <name>', 'collection to compare with', DEFAULT_COLLECTION)
      .option('--annotate <dir>', 'write each photo with boxes and names drawn in')
      .option('--report <file>', 'write one HTML page with everything in it')
      .action(
        run<TagFlags>(async (context, flags, paths) => {
          const photos = await findPhotos(paths);
          if (photos.length === 0) {
            throw new UsageError(
              `No photo was found in ${paths.join(', ')}.`,
              'Name photos, or folders that hold some.',
            );
          }
          return withSession(context, async (local) => (await tagPhotos(context, local, flags, photos)).exitCode);
        }),
      );
  },
};
