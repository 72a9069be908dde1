import { relative } from 'node:path';
import type { CliContext, CommonFlags } from '../cli.context.js';
import { withSession } from '../local.session.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { type CliCommand, DEFAULT_COLLECTION, LOCAL_TENANT } from './command.js';
import { enrolmentText, type EnrolledPhoto, enrolPeople } from './enrol.people.js';
import { remoteApi } from '../remote/remote.api.js';
import { remoteEnrol } from '../remote/remote.enroll.js';

interface EnrollFlags extends CommonFlags {
  readonly collection: string;
}

export const enrollCommand: CliCommand = {
  register(program, run) {
    program
      .command('enroll')
      .summary('enrol people from folders of reference photos')
      .argument('<dir>', 'folder with one folder per person: <dir>/<name>/*.jpg')
      .option('--collection <name>', 'collection to enrol into', DEFAULT_COLLECTION)
      .action(
        run<EnrollFlags>(async (context, { collection }, [directory = '']) => {
          const api = remoteApi(context);
          const enrolled =
            api === undefined
              ? await localEnrol(context, collection, directory)
              : await remoteEnrol(context, api, collection, directory);
          if (context.json) context.print(JSON.stringify({ collection, photos: enrolled }));
          else context.print(enrolmentText(enrolled, (path) => relative('', path)));
          return enrolled.every(({ outcome }) => outcome === 'accepted') ? EXIT_CODES.ok : EXIT_CODES.somePhotosFailed;
        }),
      );
  },
};

async function localEnrol(context: CliContext, id: string, directory: string): Promise<EnrolledPhoto[]> {
  return withSession(context, async (local) => {
    const collection = await local.session.ensureCollection(LOCAL_TENANT, id);
    return enrolPeople(context, local, collection, directory);
  });
}
