import type { ErasedCounts, PersonDocument } from '@facelane/contracts';
import type { IndexedPoint } from '@facelane/face-index';
import { type AssetKey, chunked, type PeopleRegistry, type SuppressionsRegistry } from '@facelane/registry';
import type { AssetBelt } from '../asset-belt.port.js';
import type { GalleryPoints } from '../points/gallery.points.js';
import type { Rematcher } from '../rematcher.js';
import type { AssetRemover } from '../removal/asset.remover.js';
import type { FaceEraser, MarkedAsset } from './face.eraser.js';
import { ErasedTally } from './erased-counts.js';
import { closureOf, withoutMentions } from './person.closure.js';
import { type EnrolmentPhoto, isJobAbout, type TraceFinder } from './trace.finder.js';

export interface ErasureScope {
  readonly tenant: string;
  readonly collection: string;
  readonly contract: string;
  readonly personId: string;
  readonly suppress: boolean;
}

/** Assets worked on at once. */
const AT_ONCE = 8;

/**
 * One look through everything that may name a person, removing what does. What it found nothing of is not there; its
 * order is such that nothing that is under way brings back what it has removed.
 */
export class ErasurePass {
  constructor(
    private readonly people: PeopleRegistry,
    private readonly suppressions: SuppressionsRegistry,
    private readonly points: GalleryPoints,
    private readonly remover: AssetRemover,
    private readonly traces: TraceFinder,
    private readonly faces: FaceEraser,
    private readonly rematcher: Rematcher,
    private readonly belt: AssetBelt,
  ) {}

  /** `erased` are the ids of the people who are to go, and is added to. Resolves to what there was. */
  async run(scope: ErasureScope, erased: Set<string>): Promise<ErasedCounts> {
    const tally = new ErasedTally();
    const documents = await closureOf(this.people, { ...scope, id: scope.personId });
    for (const { id } of documents) erased.add(id);
    const references = documents.flatMap((person) => person.references);
    const photos = await this.traces.enrolments(scope, erased, references);
    // First of all: nothing may come back of what goes from here on.
    if (scope.suppress) await this.suppress(scope, documents, photos, erased);
    tally.add({ jobs: await this.belt.withdrawWhere((data) => isJobAbout(data, erased)) });
    // Without reference points nobody is found to be him any more.
    tally.add({ references: references.length, points: await this.removeReferencePoints(scope, erased, documents) });
    await this.removeEnrolments(scope, photos, tally);
    // Those who found him before that have written what they found; what is read now stays as it is.
    await this.belt.settled();
    await this.eraseFaces(scope, erased, tally);
    tally.add({ people: await this.removeDocuments(scope, documents, erased) });
    return tally.counts;
  }

  private async suppress(
    { tenant, collection }: ErasureScope,
    documents: readonly PersonDocument[],
    photos: readonly EnrolmentPhoto[],
    erased: ReadonlySet<string>,
  ): Promise<void> {
    await this.suppressions.add(tenant, collection, [
      ...[...erased].map((personId) => ({ personId })),
      ...documents.map(({ externalId }) => ({ externalId })),
      ...photos.map(({ sha256 }) => ({ sha256 })),
    ]);
  }

  private async removeReferencePoints(
    { tenant, collection, contract }: ErasureScope,
    erased: ReadonlySet<string>,
    documents: readonly PersonDocument[],
  ): Promise<number> {
    let removed = 0;
    for (const personId of erased) {
      removed += await this.points.remove(contract, { tenant, collection, kind: 'person', personId });
    }
    const named = documents.flatMap(({ references }) => references.map(({ pointId }) => pointId));
    return removed + (await this.points.removeByIds(contract, [...new Set(named)]));
  }

  private async removeEnrolments(
    { tenant, collection }: ErasureScope,
    photos: readonly EnrolmentPhoto[],
    tally: ErasedTally,
  ): Promise<void> {
    for await (const some of chunked(photos, AT_ONCE)) {
      const removed = await Promise.all(
        some.map(({ assetId }) => this.remover.remove({ tenant, collection, assetId }, { keepReferences: true })),
      );
      for (const { jobs, points, objects, assets } of removed) tally.add({ jobs, points, objects, assets });
    }
  }

  private async eraseFaces(scope: ErasureScope, erased: ReadonlySet<string>, tally: ErasedTally): Promise<void> {
    const marked = await this.markFaces(scope, erased);
    for await (const some of chunked(marked, AT_ONCE)) {
      const blanked = await Promise.all(some.map((asset) => this.faces.blank(asset)));
      for (const blankedFaces of blanked) tally.add({ blankedFaces });
    }
    // Runs that read the faces before they were blank have written their points by then.
    if (marked.length > 0) await this.belt.settled();
    const open: AssetKey[] = [];
    for await (const some of chunked(marked, AT_ONCE)) {
      const stripped = await Promise.all(some.map((asset) => this.faces.strip(asset, erased)));
      stripped.forEach(({ results, points, isOpen }, at) => {
        tally.add({ results, points });
        if (isOpen) open.push(some[at]!.key);
      });
    }
    await this.rematcher.rematch(open);
  }

  private async markFaces(scope: ErasureScope, erased: ReadonlySet<string>): Promise<MarkedAsset[]> {
    const { tenant, collection, contract } = scope;
    const byAsset = new Map<string, IndexedPoint[]>();
    for (const personId of erased) {
      for (const point of await this.points.list(contract, { tenant, collection, kind: 'face', personId })) {
        const assetId = point.assetId ?? '';
        byAsset.set(assetId, [...(byAsset.get(assetId) ?? []), point]);
      }
    }
    for await (const { assetId } of this.traces.results(scope, erased)) {
      if (!byAsset.has(assetId)) byAsset.set(assetId, []);
    }
    const marked: MarkedAsset[] = [];
    for await (const some of chunked(byAsset, AT_ONCE)) {
      marked.push(
        ...(await Promise.all(
          some.map(([assetId, points]) => this.faces.mark({ tenant, collection, assetId }, contract, erased, points)),
        )),
      );
    }
    return marked;
  }

  /** The person's own document goes last: it is what an erasure that was cut short is asked for again by. */
  private async removeDocuments(
    { tenant, collection }: ErasureScope,
    documents: readonly PersonDocument[],
    erased: ReadonlySet<string>,
  ): Promise<number> {
    for await (const { id } of this.people.list(tenant, collection)) {
      if (erased.has(id)) continue;
      await this.people.change({ tenant, collection, id }, (current) => withoutMentions(current, erased));
    }
    let removed = 0;
    // Also those who had no document at the start: they may have come back meanwhile.
    const ids = new Set([...documents.map(({ id }) => id), ...erased]);
    for (const id of ids) removed += (await this.people.remove({ tenant, collection, id })) ? 1 : 0;
    return removed;
  }
}
