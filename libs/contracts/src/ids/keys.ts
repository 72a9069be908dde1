/**
 * Where every durable fact lives in the object store. S3 is the book: what is not under one of these keys can be
 * lost, what is can be rebuilt from.
 *
 * Photos and what models make of them are filed by content, so the same bytes are worked on once; documents are
 * filed by the thing they describe.
 */
// Two characters of fan-out: a file system gets 256 folders, not one per photo, each of which it would have to make.
const fan = (sha256: string): string => `${sha256.slice(0, 2)}/${sha256}`;

export const keys = {
  photo: (tenant: string, sha256: string) => `tenants/${tenant}/photos/${fan(sha256)}`,
  crops: (tenant: string, contract: string, sha256: string) =>
    `tenants/${tenant}/derived/${contract}/${fan(sha256)}.crops`,
  embeddings: (tenant: string, contract: string, sha256: string) =>
    `tenants/${tenant}/derived/${contract}/${fan(sha256)}.embeddings`,
  asset: (tenant: string, collection: string, assetId: string) => `${keys.assets(tenant, collection)}${assetId}.json`,
  assets: (tenant: string, collection: string) => `tenants/${tenant}/collections/${collection}/assets/`,
  result: (tenant: string, collection: string, assetId: string) => `${keys.results(tenant, collection)}${assetId}.json`,
  results: (tenant: string, collection: string) => `tenants/${tenant}/collections/${collection}/results/`,
  collection: (tenant: string, collection: string) => `tenants/${tenant}/collections/${collection}/collection.json`,
  collections: (tenant: string) => `tenants/${tenant}/collections/`,
  person: (tenant: string, collection: string, personId: string) =>
    `${keys.people(tenant, collection)}${personId}.json`,
  people: (tenant: string, collection: string) => `tenants/${tenant}/collections/${collection}/people/`,
} as const;
