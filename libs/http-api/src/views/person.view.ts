import type { PersonDocument, Reference } from '@facelane/contracts';
import type { PersonBody, ReferenceBody } from '../schemas/person.schema.js';

export function personView(document: PersonDocument): PersonBody {
  const { id, collection, name, externalId, metadata, references, mergedInto, absorbed, createdAt, updatedAt } =
    document;
  return {
    id,
    collection,
    name,
    ...(externalId !== undefined && { externalId }),
    metadata: metadata ?? {},
    references: mergedInto === undefined ? references.length : 0,
    ...(mergedInto !== undefined && { mergedInto }),
    absorbed: [...(absorbed ?? [])],
    createdAt,
    ...(updatedAt !== undefined && { updatedAt }),
  };
}

export function referenceView(reference: Reference): ReferenceBody {
  const { pointId, assetId, faceIndex, contract, quality, addedAt, mergedFrom } = reference;
  return {
    id: pointId,
    assetId,
    faceIndex,
    contract,
    quality,
    ...(addedAt !== undefined && { addedAt }),
    ...(mergedFrom !== undefined && { mergedFrom }),
  };
}
