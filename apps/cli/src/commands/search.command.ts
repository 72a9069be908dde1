import { basename } from 'node:path';
import type { CliContext, CommonFlags } from '../cli.context.js';
import { withSession } from '../local.session.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { printFaces } from '../output/tables/search.faces.js';
import { remoteApi } from '../remote/remote.api.js';
import { remoteSearch } from '../remote/remote.search.js';
import { type CliCommand, DEFAULT_COLLECTION, LOCAL_TENANT } from './command.js';
import { readPhoto } from './read-photo.js';

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
        run<SearchFlags>((context, { collection }, [path = '']) => {
          const api = remoteApi(context);
          return api === undefined
            ? localSearch(context, collection, path)
            : remoteSearch(context, api, collection, path);
        }),
      );
  },
};

async function localSearch(context: CliContext, id: string, path: string): Promise<number> {
  return withSession(context, async ({ session }) => {
    const bytes = await readPhoto(path);
    const collection = await session.ensureCollection(LOCAL_TENANT, id);
    const faces = await session.recognise(bytes, basename(path), collection);
    const { match, review } = collection.thresholds;
    if (context.json) context.print(JSON.stringify({ image: path, collection: id, faces }));
    else printFaces(context, faces, { match: match.cosine, review: review.cosine });
    return EXIT_CODES.ok;
  });
}
