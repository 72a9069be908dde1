import { createHash, randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { CROP_BYTES, type DoneResult, type IngestJob, type MatchJob, type StageContext } from '@facelane/contracts';
import { EnsuredIndex, Enroller, Identifier } from '@facelane/gallery';
import { DEFAULT_IMAGE_LIMITS } from '@facelane/imaging';
import type { ObjectStore } from '@facelane/object-store';
import { GuardedFetcher } from '@facelane/outbound';
import {
  AssetsRegistry,
  CollectionsRegistry,
  DerivedEditor,
  DerivedStore,
  DocumentStore,
  type Exclusion,
  HAND_OVER_BYTES,
  HandOver,
  PeopleRegistry,
  PhotoRemover,
  PhotoUses,
  PhotoVault,
} from '@facelane/registry';
import { DetectHandler } from '../detect/detect.handler.js';
import { EmbedHandler } from '../embed/embed.handler.js';
import { IngestHandler } from '../ingest/ingest.handler.js';
import { MatchHandler } from '../match/match.handler.js';
import { SourceReader } from '../source.reader.js';
import type { TestStores } from './open-stores.js';
import {
  COLLECTION,
  COLLECTION_DOCUMENT,
  CONTRACT,
  context,
  DIMENSION,
  direction,
  face,
  TENANT,
} from './stage.samples.js';

/** What the models of all processes have done. */
export interface ModelRuns {
  detect: number;
  embed: number;
}

const FACES = [face(0), face(1)];

/** The four stages as one process has them, over models that always find the same two faces. */
export class StageProcess {
  readonly ingest: IngestHandler;
  readonly detect: DetectHandler;
  readonly embed: EmbedHandler;
  readonly match: MatchHandler;

  constructor(store: ObjectStore, exclusion: Exclusion, { index, outbox }: TestStores, runs: ModelRuns) {
    const documents = new DocumentStore(store, exclusion);
    const handOver = new HandOver(HAND_OVER_BYTES);
    const derived = new DerivedStore(store, exclusion, handOver);
    const editor = new DerivedEditor(store, documents, exclusion);
    const vault = new PhotoVault(store, handOver);
    const uses = new PhotoUses(store);
    const assets = new AssetsRegistry(documents);
    const people = new PeopleRegistry(documents);
    const limits = DEFAULT_IMAGE_LIMITS;
    const sources = new SourceReader(store, new GuardedFetcher(), { fileRoots: ['/'], maxBytes: limits.maxBytes });
    this.ingest = new IngestHandler(sources, uses, vault, derived, assets, limits, store.bucket);
    const analyse = async () => {
      runs.detect += 1;
      await setImmediate();
      const crops = new Uint8Array(FACES.length * CROP_BYTES).fill(7);
      return { faces: FACES, crops, droppedFaces: 0, photo: { width: 1, height: 1 } };
    };
    this.detect = new DetectHandler(vault, derived, { contract: CONTRACT, analyse });
    const embedFaces = async () => {
      runs.embed += 1;
      await setImmediate();
      return { vectors: Float32Array.from([...direction(0), ...direction(2)]) };
    };
    this.embed = new EmbedHandler(derived, { contract: { id: CONTRACT, dimension: DIMENSION }, embedFaces });
    const ensured = new EnsuredIndex(index);
    const enroller = new Enroller(ensured, people, { rebind: () => Promise.resolve() }, outbox);
    const collections = new CollectionsRegistry(documents);
    const remover = new PhotoRemover(store, uses, editor);
    const identifier = new Identifier(ensured, people);
    this.match = new MatchHandler(derived, collections, assets, identifier, enroller, remover, editor, outbox);
  }

  /** From the source to the result, each stage tried again for as long as `isTriedAgain` says so of its failure. */
  async process(job: IngestJob, isTriedAgain: (error: unknown) => boolean = () => false): Promise<void> {
    const toMatch = await this.upToMatch(job, isTriedAgain);
    await again(() => this.match.handle(toMatch, context()), isTriedAgain);
  }

  async upToMatch(job: IngestJob, isTriedAgain: (error: unknown) => boolean = () => false): Promise<MatchJob> {
    const stage = <I, O>(handle: (input: I, context: StageContext) => Promise<O>, input: I): Promise<O> =>
      again(() => handle(input, context()), isTriedAgain);
    return stage(this.embed.handle, await stage(this.detect.handle, await stage(this.ingest.handle, job)));
  }
}

async function again<T>(work: () => Promise<T>, isTriedAgain: (error: unknown) => boolean): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isTriedAgain(error)) throw error;
    }
  }
}

export const OTHER_COLLECTION = 'others';

/** The two collections that photos are submitted to. */
export async function makeCollections({ collections }: TestStores): Promise<void> {
  const { thresholds } = COLLECTION_DOCUMENT;
  for (const id of [COLLECTION, OTHER_COLLECTION]) {
    await collections.create({ tenant: TENANT, id, contract: CONTRACT, thresholds, quality: 'off' });
  }
}

/** Bytes that no other test has, which are the photo to anybody who looks at it. */
export function freshPhoto(photo: Uint8Array): { readonly bytes: Uint8Array; readonly sha256: string } {
  const bytes = Buffer.concat([photo, Buffer.from(randomUUID())]);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** The asset that all the others are linked to. @throws when there is none, or several, or a link leads elsewhere. */
export async function onlyFirst({ assets }: TestStores, jobs: readonly IngestJob[]): Promise<string> {
  const results = await Promise.all(jobs.map((job) => assets.findResult(job)));
  const done = results.filter((result): result is DoneResult => result?.state === 'done');
  const told = done.map(({ assetId, duplicateOf }) => `${assetId} → ${duplicateOf ?? 'itself'}`).join(', ');
  const [first, ...more] = done.filter(({ duplicateOf }) => duplicateOf === undefined);
  const isLinked = done.every(({ duplicateOf }) => duplicateOf === undefined || duplicateOf === first?.assetId);
  if (done.length === jobs.length && first !== undefined && more.length === 0 && isLinked) return first.assetId;
  throw new Error(`Of ${jobs.length} equal photos exactly one should be the first: ${told}`);
}
