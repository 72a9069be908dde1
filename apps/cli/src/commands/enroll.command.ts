import { relative } from 'node:path';
import type { CommonFlags } from '../cli.context.js';
import { withSession } from '../local.session.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { type CliCommand, DEFAULT_COLLECTION, LOCAL_TENANT } from './command.js';
import { enrolmentText, enrolPeople } from './enrol.people.js';

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
        run<EnrollFlags>((context, { collection: id }, [directory = '']) =>
          withSession(context, async (local) => {
            const collection = await local.session.ensureCollection(LOCAL_TENANT, id);
            const enrolled = await enrolPeople(context, local, collection, directory);
            if (context.json) context.print(JSON.stringify({ collection: id, photos: enrolled }));
            else context.print(enrolmentText(enrolled, (path) => relative('', path)));
            return enrolled.every(({ outcome }) => outcome === 'accepted')
              ? EXIT_CODES.ok
              : EXIT_CODES.somePhotosFailed;
          }),
        ),
      );
  },
};
