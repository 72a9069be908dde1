import type { CollectionDocument, PersonDocument } from '@facelane/contracts';
import type { ScoredPoint } from '@facelane/face-index';
import type { AssetKey, CollectionsRegistry, PeopleRegistry } from '@facelane/registry';
import type { PersonChange } from './asset-belt.port.js';
import type { GalleryPoints } from './points/gallery.points.js';
import type { Rematcher } from './rematcher.js';

/** Reference faces searched with at once. */
const QUERIES = 16;
/** Faces asked for at first, and by how much more each time they are not all. */
const FIRST_LIMIT = 256;
const GROWTH = 4;
/** Two cosines of the same pair of float32 vectors, computed from either side, are not further apart. */
const SAME_SCORE = 1e-5;

/** Has faces compared again after a person changed. */
export class Rebinder {
  constructor(
    private readonly collections: CollectionsRegistry,
    private readonly people: PeopleRegistry,
    private readonly points: GalleryPoints,
    private readonly rematcher: Rematcher,
  ) {}

  /**
   * Finds the faces that the person may be now, those alike enough to be at least reviewed, and the faces that were
   * decided for him, and puts their assets back to the match stage. Left alone is a face that was decided for him with
   * the score it has now, and one of which somebody said that it is not him. Of somebody who is gone only what was
   * decided for him is left. Resolves to how many assets were put back.
   *
   * @throws the reason of `signal` when it aborts.
   */
  async rebind(change: Omit<PersonChange, 'change'>, signal: AbortSignal): Promise<number> {
    const { tenant, collection, contract, personId } = change;
    const document = await this.collections.find(tenant, collection);
    if (document === undefined) return 0;
    const person = await this.people.find({ tenant, collection, id: personId });
    const alike = await this.facesLike(change, person, document, signal);
    const his = await this.points.list(contract, { tenant, collection, kind: 'face', personId });
    const unchanged = new Set<string>();
    const due = new Set<string>();
    for (const { id, assetId, score } of his) {
      const now = alike.get(id)?.score;
      if (now !== undefined && score !== undefined && Math.abs(now - score) <= SAME_SCORE) unchanged.add(id);
      else if (assetId !== undefined) due.add(assetId);
    }
    const rejected = new Set(person?.rejected);
    for (const [id, { point }] of alike) {
      if (!unchanged.has(id) && !rejected.has(id) && point.assetId !== undefined) due.add(point.assetId);
    }
    const assets = [...due].sort().map((assetId): AssetKey => ({ tenant, collection, assetId }));
    return this.rematcher.rematch(assets, signal);
  }

  /** By the id of the face's point, with the best score that any reference face of the person has. */
  private async facesLike(
    { tenant, collection, contract, personId }: Omit<PersonChange, 'change'>,
    person: PersonDocument | undefined,
    { thresholds }: CollectionDocument,
    signal: AbortSignal,
  ): Promise<Map<string, ScoredPoint>> {
    const best = new Map<string, ScoredPoint>();
    if (person === undefined) return best;
    const references = await this.points.listWithVectors(contract, { tenant, collection, kind: 'person', personId });
    const search = { contract, filter: { tenant, collection, kind: 'face' }, bar: thresholds.review.cosine } as const;
    for (let start = 0; start < references.length; start += QUERIES) {
      const queries = references.slice(start, start + QUERIES).map(({ vector }) => vector);
      for (const found of await this.atOrAboveBar(search, queries, signal)) {
        const known = best.get(found.point.id);
        if (known === undefined || found.score > known.score) best.set(found.point.id, found);
      }
    }
    return best;
  }

  private async atOrAboveBar(
    {
      contract,
      filter,
      bar,
    }: { contract: string; filter: { tenant: string; collection: string; kind: 'face' }; bar: number },
    queries: readonly Float32Array[],
    signal: AbortSignal,
  ): Promise<ScoredPoint[]> {
    const found: ScoredPoint[] = [];
    let open = queries;
    for (let limit = FIRST_LIMIT; open.length > 0; limit *= GROWTH) {
      signal.throwIfAborted();
      const lists = await this.points.search(contract, open, filter, limit);
      const isCut = (list: readonly ScoredPoint[]): boolean => list.length === limit && list.at(-1)!.score >= bar;
      // What was cut off is asked for again as a whole.
      found.push(...lists.filter((list) => !isCut(list)).flatMap((list) => list.filter(({ score }) => score >= bar)));
      open = open.filter((_, at) => isCut(lists[at] ?? []));
    }
    return found;
  }
}
