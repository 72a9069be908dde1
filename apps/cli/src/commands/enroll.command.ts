import { relative } from 'node:path';
import type { QualityGates } from '@facelane/contracts';
import type { CliContext, CommonFlags } from '../cli.context.js';
import { withSession } from '../local.session.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { readBars } from './bars/bars.file.js';
import { BARS_FLAG, collectionWithBars, requireOwnBars } from './bars/bars.option.js';
import { type CliCommand, DEFAULT_COLLECTION } from './command.js';
import { enrolmentText, type EnrolledPhoto, enrolPeople } from './enrol.people.js';
import { remoteApi } from '../remote/remote.api.js';
import { remoteEnrol } from '../remote/remote.enroll.js';

interface EnrollFlags extends CommonFlags {
  readonly collection: string;
  readonly bars?: string;
}

export const enrollCommand: CliCommand = {
  register(program, run) {
    program
      .command('enroll')
      .summary('enrol people from folders of reference photos')
      .argument('<dir>', 'folder with one folder per person: <dir>/<name>/*.jpg')
      .option('--collection <name>', 'collection to enrol into', DEFAULT_COLLECTION)
      .option(BARS_FLAG, 'give the collection bars of quality, as JSON; `enrol` guards reference photos')
      .action(
        run<EnrollFlags>(async (context, { collection, bars }, [directory = '']) => {
          requireOwnBars(context, bars);
          const api = remoteApi(context);
          const enrolled =
            api === undefined
              ? await localEnrol(context, { id: collection, bars: await readBars(bars) }, directory)
              : await remoteEnrol(context, api, collection, directory);
          if (context.json) context.print(JSON.stringify({ collection, photos: enrolled }));
          else context.print(enrolmentText(enrolled, (path) => relative('', path)));
          return enrolled.every(({ outcome }) => outcome === 'accepted') ? EXIT_CODES.ok : EXIT_CODES.somePhotosFailed;
        }),
      );
  },
};

interface Wanted {
  readonly id: string;
  readonly bars: QualityGates | undefined;
}

async function localEnrol(context: CliContext, { id, bars }: Wanted, directory: string): Promise<EnrolledPhoto[]> {
  return withSession(context, async (local) => {
    const collection = await collectionWithBars(local, id, bars);
    return enrolPeople(context, local, collection, directory);
  });
}
