// In a browser: says who is in a photo that somebody chose in `<input type="file">`.
import { createFacelane, type SearchFace } from '@facelane/client';

/** Names and positions of everybody who is known; nothing of the photo is kept. */
export async function findFaces(
  photo: File,
  { url, key, collection }: { url: string; key: string; collection: string },
): Promise<{ name: string; box: SearchFace['box'] }[]> {
  const { recognition } = createFacelane({ url, key });
  const { faces } = await recognition.search(collection, { image: photo }, { signal: AbortSignal.timeout(30_000) });
  return faces.flatMap(({ decision, candidates, box }) =>
    decision === 'match' ? candidates.slice(0, 1).map(({ name }) => ({ name, box })) : [],
  );
}
