import {
  type AssetDocument,
  type DoneResult,
  type IngestJob,
  type ResultDocument,
  type Source,
  sourceText,
} from '@facelane/contracts';
import {
  type AssetKey,
  chunked,
  type DerivedEditor,
  type PhotoRemover,
  type PhotoUse,
  type PhotoUses,
} from '@facelane/registry';
import type { AssetBelt } from '../asset-belt.port.js';
import { collect } from '../collect.js';
import { omit } from '../omit.js';
import type { ReferenceRemover } from '../people/reference.remover.js';
import type { GalleryPoints } from '../points/gallery.points.js';
import type { Books } from './books.js';

/** How many things were removed. */
export interface RemovedAsset {
  /** Taken off the queues. */
  readonly jobs: number;
  /** From the index: its faces, and the reference face that was taken from it. */
  readonly points: number;
  /** Photo, upload and derived objects. */
  readonly objects: number;
  /** Reference faces of people. */
  readonly references: number;
  /** 1 when anything of the asset was known. */
  readonly assets: number;
}

export interface RemoveAssetOptions {
  /**
   * Whether the people who have a reference face from it keep that in their documents, because the caller goes on to
   * remove the reference or the person, and has faces compared again. Default false.
   */
  readonly keepReferences?: boolean;
}

/** Photos and what was made of them. */
interface Content {
  readonly uses: PhotoUses;
  readonly photos: PhotoRemover;
  readonly derived: DerivedEditor;
}

/** All that is written of an asset. One that failed at ingest has no document, one that waits has its intake only. */
interface KnownAsset {
  readonly contract: string;
  readonly asset: AssetDocument | undefined;
  readonly result: ResultDocument | undefined;
  readonly intake: IngestJob | undefined;
}

const NOTHING: RemovedAsset = { jobs: 0, points: 0, objects: 0, references: 0, assets: 0 };
/** Documents of other assets read at once. */
const READ_AHEAD = 16;

/** Removes an asset with every trace of it. What is its owner's, an object of his bucket or a web page, stays. */
export class AssetRemover {
  constructor(
    private readonly books: Omit<Books, 'people'>,
    private readonly content: Content,
    private readonly points: GalleryPoints,
    private readonly references: ReferenceRemover,
    private readonly belt: AssetBelt,
  ) {}

  /**
   * Idempotent. Its document goes last, so that whatever a crash leaves is found and removed when it is asked for again.
   */
  async remove(key: AssetKey, { keepReferences = false }: RemoveAssetOptions = {}): Promise<RemovedAsset> {
    const jobs = await this.belt.withdraw(key.assetId);
    const known = await this.look(key);
    if (known === undefined) return { ...NOTHING, jobs };
    const removed = await this.removeKnown(key, known, keepReferences);
    // Somebody who saw it a moment ago may have put it back to the match stage.
    const late = await this.belt.withdraw(key.assetId);
    if (late > 0 || (await this.books.assets.findResult(key)) !== undefined) {
      await this.removeKnown(key, { ...known, ...(await this.documentsOf(key)) }, keepReferences);
    }
    return { ...removed, jobs: jobs + late };
  }

  private async removeKnown(key: AssetKey, known: KnownAsset, keepReferences: boolean): Promise<RemovedAsset> {
    const { tenant, collection, assetId } = key;
    const points = await this.points.remove(known.contract, { tenant, collection, assetId });
    let objects = 0;
    const contents = await this.contentsOf(key, known);
    for (const sha256 of contents) objects += await this.release(key, sha256);
    const source = known.asset?.source ?? known.intake?.source;
    if (source !== undefined) objects += await this.removeUpload(key, source, contents);
    const references = keepReferences ? 0 : await this.dropReferences(key, known);
    await this.books.assets.removeResult(key);
    if (known.intake !== undefined) await this.books.intake.remove(tenant, assetId);
    await this.books.assets.removeAsset(key);
    return { jobs: 0, points, objects, references, assets: 1 };
  }

  private async look(key: AssetKey): Promise<KnownAsset | undefined> {
    const documents = await this.documentsOf(key);
    const { asset, result, intake } = documents;
    const own = asset?.contract ?? result?.contract ?? intake?.contract;
    if (own !== undefined) return { ...documents, contract: own };
    // Points without a document: a run that ended after its asset had been removed wrote them.
    const contract = (await this.books.collections.find(key.tenant, key.collection))?.contract;
    if (contract !== undefined) await this.points.remove(contract, { ...key, kind: 'face' });
    return undefined;
  }

  private async documentsOf(key: AssetKey): Promise<Omit<KnownAsset, 'contract'>> {
    const [asset, result, intake] = await Promise.all([
      this.books.assets.findAsset(key),
      this.books.assets.findResult(key),
      this.books.intake.find(key.tenant, key.assetId),
    ]);
    return { asset, result, intake: intake?.collection === key.collection ? intake : undefined };
  }

  /** Digests of the photos that it works with: the one it is, and one that lay at its source before. */
  private async contentsOf({ tenant, collection, assetId }: AssetKey, known: KnownAsset): Promise<string[]> {
    const id = enrolled(known);
    // The photo of a reference face is kept when another one takes its place at the source.
    const references = id === undefined ? [] : await this.references.takenFrom({ tenant, collection, id }, assetId);
    const own = [known.asset?.photo.sha256, doneResult(known)?.photo.sha256].filter((sha256) => sha256 !== undefined);
    return [...new Set([...own, ...references.map(({ sha256 }) => sha256)])];
  }

  private async release({ tenant, collection, assetId }: AssetKey, sha256: string): Promise<number> {
    const use = { collection, assetId };
    const others = await collect(this.content.uses.others(tenant, sha256, use));
    if (others.length > 0) await this.handOn(tenant, sha256, use, others);
    return this.content.photos.release(tenant, sha256, use);
  }

  /** What bears the name of this asset because it was the first with these bytes gets the name of another. */
  private async handOn(tenant: string, sha256: string, use: PhotoUse, others: readonly PhotoUse[]): Promise<void> {
    if (!(await this.content.derived.names(tenant, sha256, use))) return;
    const beside = others.filter(({ collection }) => collection === use.collection);
    const heir = beside[0] ?? others[0]!;
    await this.relink(tenant, beside, use, heir);
    // Not before: the headers tell that there is something to hand on.
    await this.content.derived.rename(tenant, sha256, use, heir);
    // Those who read the header before that, and wrote their result after the first look.
    const now = await collect(this.content.uses.others(tenant, sha256, use));
    await this.relink(tenant, now, use, heir);
  }

  private async relink(tenant: string, uses: readonly PhotoUse[], gone: PhotoUse, heir: PhotoUse): Promise<void> {
    for (const { collection, assetId } of uses.filter((each) => each.collection === gone.collection)) {
      await this.books.assets.changeResult({ tenant, collection, assetId }, (result) =>
        result.state === 'done' && result.duplicateOf === gone.assetId ? inheriting(result, heir.assetId) : result,
      );
    }
  }

  private async removeUpload(
    { tenant, collection, assetId }: AssetKey,
    source: Source,
    contents: readonly string[],
  ): Promise<number> {
    if (!this.content.photos.isUpload(tenant, source)) return 0;
    for (const sha256 of contents) {
      const others = this.content.uses.others(tenant, sha256, { collection, assetId });
      for await (const some of chunked(others, READ_AHEAD)) {
        const found = await Promise.all(some.map((other) => this.books.assets.findAsset({ tenant, ...other })));
        if (found.some((other) => other !== undefined && sourceText(other.source) === sourceText(source))) return 0;
      }
    }
    return this.content.photos.removeUpload(tenant, source);
  }

  private async dropReferences({ tenant, collection, assetId }: AssetKey, known: KnownAsset): Promise<number> {
    const id = enrolled(known);
    if (id === undefined) return 0;
    const dropped = await this.references.drop({ tenant, collection, id }, (each) => each.assetId === assetId);
    if (dropped.owner !== undefined && dropped.count > 0) {
      const of = { tenant, collection, contract: known.contract, personId: dropped.owner };
      await this.belt.rebind({ ...of, change: `without ${assetId}` });
    }
    return dropped.count;
  }
}

const doneResult = ({ result }: KnownAsset): DoneResult | undefined => (result?.state === 'done' ? result : undefined);

function enrolled(known: KnownAsset): string | undefined {
  const intent = known.asset?.intent ?? known.intake?.intent;
  return intent?.kind === 'enrol' ? intent.personId : doneResult(known)?.enrolment?.personId;
}

function inheriting(result: DoneResult, heir: string): DoneResult {
  return result.assetId === heir ? omit(result, 'duplicateOf') : { ...result, duplicateOf: heir };
}
