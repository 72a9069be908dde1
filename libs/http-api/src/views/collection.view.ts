import type { CollectionDocument } from '@facelane/contracts';
import type { CollectionBody } from '../schemas/collection.schema.js';

/** A collection as callers see it: with the settings that it goes by, stated or not. */
export function collectionView(document: CollectionDocument): CollectionBody {
  const { id, contract, thresholds, quality, qualityBars, onePersonPerPhoto, retentionDays } = document;
  const { description, createdAt, updatedAt } = document;
  return {
    id,
    contract,
    thresholds,
    quality: quality ?? 'standard',
    qualityBars: qualityBars ?? {},
    onePersonPerPhoto: onePersonPerPhoto ?? true,
    ...(retentionDays !== undefined && { retentionDays }),
    ...(description !== undefined && { description }),
    createdAt,
    ...(updatedAt !== undefined && { updatedAt }),
  };
}
