import type { CollectionDocument } from '@facelane/contracts';
import type { CollectionBody } from '../schemas/collection.schema.js';

/** A collection as callers see it: with the settings that it goes by, stated or not. */
export function collectionView(document: CollectionDocument): CollectionBody {
  const { id, contract, thresholds, quality, onePersonPerPhoto, retentionDays, description, createdAt, updatedAt } =
    document;
  return {
    id,
    contract,
    thresholds,
    quality: quality ?? 'standard',
    onePersonPerPhoto: onePersonPerPhoto ?? true,
    ...(retentionDays !== undefined && { retentionDays }),
    ...(description !== undefined && { description }),
    createdAt,
    ...(updatedAt !== undefined && { updatedAt }),
  };
}
