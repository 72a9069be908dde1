import { uuidV5 } from './uuid-v5.js';

/**
 * Every id is a pure function of what it names, so doing a thing twice names it once.
 * Index points, jobs and events rely on this for their one effect.
 */

/** One photo of one collection. `source` is the canonical text of where it comes from (see sourceText). */
export function assetIdOf(tenant: string, collection: string, source: string): string {
  return uuidV5('asset', tenant, collection, source);
}

/** A person of a collection who is named by the caller (a folder name, an external id). */
export function personIdOf(tenant: string, collection: string, name: string): string {
  return uuidV5('person', tenant, collection, name);
}

/** Index point of the n-th face found in an asset. */
export function facePointIdOf(tenant: string, assetId: string, contract: string, faceIndex: number): string {
  return uuidV5('face', tenant, assetId, contract, String(faceIndex));
}

/** Index point of one reference face of a person: the enrolled photo's content decides, not its name. */
export function referencePointIdOf(tenant: string, personId: string, contract: string, sha256: string): string {
  return uuidV5('reference', tenant, personId, contract, sha256);
}
