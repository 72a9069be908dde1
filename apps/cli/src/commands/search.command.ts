import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { UsageError } from '@facelane/contracts';
import type { CommonFlags } from '../cli.context.js';
import { withSession } from '../local.session.js';
import { searchTable } from '../output/tables/search.table.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { type CliCommand, DEFAULT_COLLECTION, LOCAL_TENANT } from './command.js';

interface SearchFlags extends CommonFlags {
  readonly collection: string;
}

export const searchCommand: CliCommand = {
  register(program, run) {
    program
      .command('search')
      .summary('who is in this photo? nothing is stored')
      .argument('<image>', 'photo; every face in it is looked up')
      .option('--collection <name>', 'collection to search', DEFAULT_COLLECTION)
      .action(
        run<SearchFlags>((context, { collection: id }, [path = '']) =>
          withSession(context, async ({ session }) => {
            const bytes = await readPhoto(path);
            const collection = await session.ensureCollection(LOCAL_TENANT, id);
            const faces = await session.recognise(bytes, basename(path), collection);
            if (context.json) {
              context.print(JSON.stringify({ image: path, collection: id, faces }));
              return EXIT_CODES.ok;
            }
            const { match, review } = collection.thresholds;
            const bars = { match: match.cosine, review: review.cosine };
            if (faces.length === 0) context.print('No face was found.');
            for (const { index, box, candidates } of faces) {
              const at = `${Math.round(box.x)}, ${Math.round(box.y)}`;
              context.print(
                `Face ${index + 1} of ${faces.length} (at ${at})\n${searchTable(candidates, bars, context.style)}\n`,
              );
            }
            return EXIT_CODES.ok;
          }),
        ),
      );
  },
};

export async function readPhoto(path: string): Promise<Uint8Array> {
  return readFile(path).catch((error: unknown) => {
    throw new UsageError(`${path} cannot be read.`, 'Check the path and its permissions.', { cause: error });
  });
}
