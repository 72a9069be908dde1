import { StageError } from '@facelane/contracts';
import type { FaceIndex, PointFilter } from '@facelane/face-index';

/**
 * Ids of the assets with a face that is, or may be, the person, in order. The index promises no order, so all of the
 * person's ids are gathered and sorted: 36 bytes each.
 */
export async function* peopleAssets(
  index: FaceIndex,
  contract: string,
  person: Pick<PointFilter, 'tenant' | 'collection'> & { readonly personId: string },
  after: string | undefined,
): AsyncGenerator<string> {
  const ids = new Set<string>();
  try {
    for await (const { assetId } of index.scroll(contract, { ...person, kind: 'face' })) {
      if (assetId !== undefined && (after === undefined || assetId > after)) ids.add(assetId);
    }
  } catch (error) {
    // Nothing was ever indexed for these models: nobody is in any photo.
    if (!(error instanceof StageError && error.code === 'INDEX.CONTRACT_MISSING')) throw error;
  }
  yield* [...ids].sort();
}
