import type { Facelane } from '@facelane/client';
import type { CliContext } from '../cli.context.js';
import { readPhoto } from '../commands/read-photo.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { printFaces } from '../output/tables/search.faces.js';

/** Asks a running API who is in the photo. */
export async function remoteSearch(context: CliContext, api: Facelane, id: string, path: string): Promise<number> {
  const { signal } = context;
  const image = await readPhoto(path);
  const [{ thresholds }, { faces }] = await Promise.all([
    api.collections.get(id, { signal }),
    api.recognition.search(id, { image }, { signal }),
  ]);
  if (context.json) context.print(JSON.stringify({ image: path, collection: id, faces }));
  else printFaces(context, faces, { match: thresholds.match.cosine, review: thresholds.review.cosine });
  return EXIT_CODES.ok;
}
