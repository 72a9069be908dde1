import { createHash } from 'node:crypto';
import {
  type AssetJob,
  assetIdOf,
  type CollectionDocument,
  CROP_BYTES,
  type CropsHeader,
  type DoneResult,
  type IngestJob,
  type Intent,
  keys,
  type MatchJob,
  type PersonDocument,
  type Source,
  sourceText,
  uuidV5,
} from '@facelane/contracts';
import type { FaceIndex } from '@facelane/face-index';
import type { ObjectStore } from '@facelane/object-store';
import {
  type AssetKey,
  AssetsRegistry,
  CollectionsRegistry,
  DerivedEditor,
  DerivedStore,
  DocumentStore,
  type EventOutbox,
  type Exclusion,
  IntakeRegistry,
  PeopleRegistry,
  PhotoRemover,
  PhotoUses,
  SuppressionsRegistry,
} from '@facelane/registry';
import { LocalExclusion } from '../../../registry/src/testing/document-stores.js';
import { MatchHandler } from '../../../stages/src/match/match.handler.js';
import { openStores, type TestStores } from '../../../stages/src/testing/open-stores.js';
import { CONTRACT, context, DIMENSION, face, SUBMITTED_AT } from '../../../stages/src/testing/stage.samples.js';
import type { AssetBelt } from '../asset-belt.port.js';
import { createGallery, type Gallery } from '../create-gallery.js';
import { Enroller } from '../enroller.js';
import { EnsuredIndex } from '../ensured.index.js';
import { Identifier } from '../identifier.js';
import { RecordingBelt } from './recording.belt.js';

export const T = 'acme';
export const C = 'friends';
const { signal } = context();

export interface Submitted {
  readonly vectors?: readonly Float32Array[];
  readonly intent?: Intent;
  readonly collection?: string;
  /** Default: an upload. */
  readonly source?: Source;
  readonly submittedAt?: string;
  /** How far it came. Default: all the way. */
  readonly until?: 'accepted' | 'ingested' | 'matched';
}

/**
 * A collection with photos and people on real stores, worked on by the real match stage; only the queue is played.
 * Ids follow from names, so that two galleries that went the same way are equal.
 */
export class LivingGallery {
  readonly belt = new RecordingBelt();
  readonly documents: DocumentStore;
  readonly assets: AssetsRegistry;
  readonly collections: CollectionsRegistry;
  readonly people: PeopleRegistry;
  readonly intake: IntakeRegistry;
  readonly suppressions: SuppressionsRegistry;
  readonly uses: PhotoUses;
  readonly derived: DerivedStore;
  private readonly exclusion: Exclusion = new LocalExclusion();
  private readonly matcher: MatchHandler;
  private readonly changes: Gallery;

  private constructor(readonly stores: TestStores) {
    const { store, index, outbox } = stores;
    this.documents = new DocumentStore(store, this.exclusion);
    this.assets = new AssetsRegistry(this.documents);
    this.collections = new CollectionsRegistry(this.documents);
    this.people = new PeopleRegistry(this.documents);
    this.intake = new IntakeRegistry(this.documents);
    this.suppressions = new SuppressionsRegistry(this.documents);
    this.uses = new PhotoUses(store);
    this.derived = new DerivedStore(store, this.exclusion);
    const ensured = new EnsuredIndex(index);
    const editor = new DerivedEditor(store, this.documents, this.exclusion);
    const remover = new PhotoRemover(store, this.uses, editor);
    this.matcher = new MatchHandler(
      this.derived,
      this.collections,
      this.assets,
      new Identifier(ensured, this.people),
      new Enroller(ensured, this.people, this.belt, outbox),
      remover,
      editor,
      outbox,
    );
    this.changes = this.over(store, index, this.belt);
  }

  static async open(driver: 'fs' | 's3' = 'fs'): Promise<LivingGallery> {
    const gallery = new LivingGallery(await openStores(driver));
    await gallery.collection(C);
    return gallery;
  }

  get store(): ObjectStore {
    return this.stores.store;
  }

  get index(): FaceIndex {
    return this.stores.index;
  }

  get rebinder(): Gallery['rebinder'] {
    return this.changes.rebinder;
  }

  get editor(): Gallery['editor'] {
    return this.changes.editor;
  }

  get remover(): Gallery['assetRemover'] {
    return this.changes.assetRemover;
  }

  get collectionRemover(): Gallery['collectionRemover'] {
    return this.changes.collectionRemover;
  }

  get eraser(): Gallery['eraser'] {
    return this.changes.eraser;
  }

  get outboxSweeper(): Gallery['outboxSweeper'] {
    return this.changes.outboxSweeper;
  }

  get retention(): Gallery['retention'] {
    return this.changes.retention;
  }

  /** The same room over other drivers, such as ones that fail. */
  over(store: ObjectStore, index: FaceIndex, belt: AssetBelt, outbox: EventOutbox = this.stores.outbox): Gallery {
    const documents = new DocumentStore(store, this.exclusion);
    return createGallery({ store, documents, exclusion: this.exclusion, index, belt, outbox });
  }

  async collection(id: string, more: Partial<CollectionDocument> = {}): Promise<void> {
    const thresholds = { match: { cosine: 0.6 }, review: { cosine: 0.4 } };
    await this.collections.create({ tenant: T, id, contract: CONTRACT, thresholds, quality: 'off', ...more });
  }

  /** Submits a photo; the same name has the same bytes, wherever it comes from. */
  async submit(name: string, submitted: Submitted = {}): Promise<AssetKey & { readonly sha256: string }> {
    const { vectors = [], collection = C, intent = { kind: 'identify' }, until = 'matched' } = submitted;
    const bytes = new TextEncoder().encode(`photo ${name}`);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const source: Source = submitted.source ?? {
      kind: 'object',
      bucket: this.store.bucket,
      key: keys.upload(T, uuidV5('upload', name, intent.kind === 'enrol' ? intent.personId : '', collection)),
    };
    const purpose = intent.kind === 'enrol' ? `enrol:${intent.personId}:` : '';
    const assetId = assetIdOf(T, collection, purpose + sourceText(source));
    const job: AssetJob = {
      ...{ tenant: T, collection, assetId, contract: CONTRACT, intent },
      lane: 'bulk',
      submittedAt: submitted.submittedAt ?? SUBMITTED_AT,
    };
    if (source.kind === 'object') await this.put(source.key, bytes);
    await this.intake.write({ ...job, source });
    const key = { tenant: T, collection, assetId, sha256 };
    if (until === 'accepted') return key;
    await this.ingest({ ...job, source }, sha256, bytes, vectors);
    const photo = { sha256, bytes: bytes.length, format: 'jpeg', width: 100, height: 100 } as const;
    if (until === 'matched') await this.matcher.handle({ ...job, photo, faces: vectors.length }, context());
    return key;
  }

  async person(name: string): Promise<PersonDocument> {
    return (await this.people.create({ tenant: T, collection: C, name, externalId: `x-${name}` })).person;
  }

  /** One reference face of the person. */
  async enrol(
    { id, name }: PersonDocument,
    vector: Float32Array,
    photo = `${name} ${String(vector)}`,
  ): Promise<AssetKey & { readonly sha256: string }> {
    const intent = { kind: 'enrol', personId: id, name, existing: true } as const;
    return this.submit(photo, { vectors: [vector], intent });
  }

  async result(key: AssetKey): Promise<DoneResult> {
    const result = await this.assets.findResult(key);
    if (result?.state !== 'done') throw new Error(`no result of ${key.assetId}`);
    return result;
  }

  /** Runs one match job of the queue, or one made for the purpose. */
  async match(job: MatchJob): Promise<void> {
    this.belt.matches.delete(job.assetId);
    await this.matcher.handle(job, context());
  }

  /** Works on everything that was put on the belt, and on what comes of it. */
  async drain(): Promise<void> {
    for (;;) {
      for (const change of this.belt.rebinds.splice(0)) await this.rebinder.rebind(change, signal);
      const jobs = [...this.belt.matches.values()];
      if (jobs.length === 0) return;
      for (const job of jobs) await this.match(job);
    }
  }

  /** Everything in the store, keys and bodies, without what differs from run to run. */
  async everything(): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for await (const { key } of this.store.list('tenants/')) {
      const text = Buffer.from((await this.store.get(key)).body).toString('latin1');
      found.set(key, text.replaceAll(/,"(?:\w+At|at)":"[^"]*"/g, ''));
    }
    return found;
  }

  /** The same without what results tell of their last change, which is not taken back with it. */
  async everythingNow(): Promise<Map<string, string>> {
    const history = /,"lastChange":\{[^[]*\[[^\]]*\]\}/g;
    return new Map([...(await this.everything())].map(([key, text]) => [key, text.replaceAll(history, '')]));
  }

  /** Everything in the index, in the order of the ids. */
  async points(collection = C): Promise<Record<string, unknown>[]> {
    const points: Record<string, unknown>[] = [];
    const filter = { tenant: T, collection };
    for await (const point of this.index.scroll(CONTRACT, filter, { withVectors: true })) {
      points.push({ ...point, vector: [...point.vector] });
    }
    return points.sort((a, b) => String(a['id']).localeCompare(String(b['id'])));
  }

  async close(): Promise<void> {
    await this.stores.close();
  }

  private async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.store.put(key, bytes, { contentType: 'image/jpeg' });
  }

  /** What ingest, detect and embed leave. */
  private async ingest(
    job: IngestJob,
    sha256: string,
    bytes: Uint8Array,
    vectors: readonly Float32Array[],
  ): Promise<void> {
    const { collection, assetId, source, intent, submittedAt, contract } = job;
    await this.uses.add(T, sha256, { collection, assetId });
    if (source.kind !== 'object') await this.put(keys.photo(T, sha256), bytes);
    const photo = { sha256, bytes: bytes.length, format: 'jpeg', width: 100, height: 100 } as const;
    const asset = {
      version: 1,
      tenant: T,
      collection,
      id: assetId,
      contract,
      source,
      intent,
      photo,
      submittedAt,
    } as const;
    await this.assets.writeAsset(asset);
    if ((await this.derived.knownFaces(T, contract, sha256, signal)) !== undefined) return;
    const header: CropsHeader = {
      ...{ version: 1, kind: 'crops', contract, sha256, assetId, collection, droppedFaces: 0 },
      faces: vectors.map((_, i) => face(i, 100)),
    };
    const crops = new Uint8Array(vectors.length * CROP_BYTES);
    vectors.forEach((_, row) => crops.fill(row + 1, row * CROP_BYTES, (row + 1) * CROP_BYTES));
    await this.derived.writeCrops(T, header, crops, signal);
    const all = new Float32Array(vectors.length * DIMENSION);
    vectors.forEach((vector, row) => all.set(vector, row * DIMENSION));
    // As embed has it, from the crops: its members in their order, so that a rewritten header is equal to it.
    const { header: read } = await this.derived.readCrops(T, contract, sha256, signal);
    await this.derived.writeEmbeddings(T, { ...read, kind: 'embeddings', dimension: DIMENSION }, all, signal);
  }
}
