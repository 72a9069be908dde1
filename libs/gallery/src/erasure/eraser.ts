import { randomUUID } from 'node:crypto';
import { type ReceiptDocument, StageError } from '@facelane/contracts';
import { type CollectionsRegistry, type OpenReceipt, type PeopleRegistry, subjectOf } from '@facelane/registry';
import type { AssetBelt } from '../asset-belt.port.js';
import type { ErasureTeller } from '../outbox/erasure.teller.js';
import type { GalleryPoints } from '../points/gallery.points.js';
import { ErasedTally } from './erased-counts.js';
import type { ErasurePass } from './erasure.pass.js';
import type { ErasurePlace } from './erasure.place.js';

export interface Erasure {
  readonly tenant: string;
  readonly collection: string;
  readonly personId: string;
  /** Whether the person, his external id and his enrolment photos are kept from coming back. */
  readonly suppress: boolean;
}

/** The first removes, each later one sees that nothing came back meanwhile. */
const PASSES = 3;

/** Removes a person with everything that says anything of him, and proves it. */
export class Eraser {
  constructor(
    private readonly collections: CollectionsRegistry,
    private readonly people: PeopleRegistry,
    private readonly teller: ErasureTeller,
    private readonly pass: ErasurePass,
    private readonly points: GalleryPoints,
    private readonly belt: AssetBelt,
    private readonly places: readonly ErasurePlace[],
  ) {}

  /**
   * When this resolves there is nothing left: no document, reference face or enrolment photo of the person or of those
   * merged into him, no job that names him; in photos of others his faces are gone from results, index and what models
   * made of them. The photos of others stay as they are. It takes as long as reading every document of the collection a
   * few times.
   *
   * Everything is looked through until a look finds nothing. What a crash or a failure cut short goes on when it is
   * asked for again, with another receipt.
   *
   * @throws StageError GALLERY.PERSON_MERGED for one who is somebody else by now; MATCH.COLLECTION_MISSING;
   * GALLERY.ERASURE_UNFINISHED when the person is brought back as fast as he is erased.
   */
  async erase({ tenant, collection, personId, suppress }: Erasure): Promise<ReceiptDocument> {
    const startedAt = new Date().toISOString();
    const document = await this.collections.find(tenant, collection);
    if (document === undefined) {
      throw new StageError('MATCH.COLLECTION_MISSING', `There is no collection "${collection}".`);
    }
    const person = await this.people.find({ tenant, collection, id: personId });
    if (person?.mergedInto !== undefined) {
      throw new StageError('GALLERY.PERSON_MERGED', `Person ${personId} was merged into ${person.mergedInto}.`);
    }
    const scope = { tenant, collection, contract: document.contract, personId, suppress };
    const erased = new Set([personId]);
    const total = new ErasedTally();
    for (let pass = 1; ; pass += 1) {
      const found = new ErasedTally();
      found.add(await this.pass.run(scope, erased));
      for (const place of this.places) found.add({ [place.counted ?? 'results']: await place.erase(scope, erased) });
      if (pass > 1 && found.isEmpty) break;
      if (pass === PASSES) {
        throw new StageError('GALLERY.ERASURE_UNFINISHED', `Something of person ${personId} came back meanwhile.`);
      }
      total.add(found.counts);
    }
    await this.points.purge();
    const queuesPurged = await this.belt.purge();
    const id = randomUUID();
    const receipt: OpenReceipt = {
      ...{ version: 1, id, tenant, collection, subject: subjectOf({ tenant, collection, id }, personId) },
      ...{ counts: total.counts, suppressed: suppress, queuesPurged, startedAt, completedAt: new Date().toISOString() },
    };
    return this.teller.file(receipt, erased);
  }
}
