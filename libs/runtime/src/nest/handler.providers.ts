import { OpenResources, RuntimeOptions } from '@facelane/boot';
import { FaceIndex } from '@facelane/face-index';
import { DEFAULT_IMAGE_LIMITS, type ImageLimits } from '@facelane/imaging';
import { InferenceEngine } from '@facelane/inference';
import { ObjectStore } from '@facelane/object-store';
import { GuardedFetcher } from '@facelane/outbound';
import {
  AssetsRegistry,
  CollectionsRegistry,
  PeopleRegistry,
  DerivedStore,
  DerivedEditor,
  DocumentStore,
  EventOutbox,
  Exclusion,
  HandOver,
  OutboxMarks,
  PhotoRemover,
  PhotoUses,
  PhotoVault,
  SuppressionsRegistry,
} from '@facelane/registry';
import {
  DetectHandler,
  EmbedHandler,
  FailureRecorder,
  IngestHandler,
  MatchHandler,
  PhotoAnalyser,
  PhotoEmbedder,
  ProbeHandler,
  RebindHandler,
  SourceReader,
} from '@facelane/stages';
import {
  AssetBelt,
  createGallery,
  EnsuredIndex,
  Enroller,
  FailureTeller,
  Identifier,
  PairComparer,
} from '@facelane/gallery';
import type { FactoryProvider, Provider } from '@nestjs/common';

export const limitsOf = ({ config }: RuntimeOptions): ImageLimits => ({ ...DEFAULT_IMAGE_LIMITS, ...config.imaging });

/** What handlers of several stages share; needs the ports only. */
export const sharedProviders: Provider[] = [
  {
    provide: DerivedStore,
    inject: [ObjectStore, Exclusion, HandOver],
    useFactory: (store: ObjectStore, exclusion: Exclusion, handOver: HandOver) =>
      new DerivedStore(store, exclusion, handOver),
  },
  {
    provide: PhotoVault,
    inject: [ObjectStore, HandOver],
    useFactory: (store: ObjectStore, handOver: HandOver) => new PhotoVault(store, handOver),
  },
  { provide: PhotoUses, inject: [ObjectStore], useFactory: (store: ObjectStore) => new PhotoUses(store) },
  {
    provide: DerivedEditor,
    inject: [ObjectStore, DocumentStore, Exclusion],
    useFactory: (store: ObjectStore, documents: DocumentStore, exclusion: Exclusion) =>
      new DerivedEditor(store, documents, exclusion),
  },
  {
    provide: PhotoRemover,
    inject: [ObjectStore, PhotoUses, DerivedEditor],
    useFactory: (store: ObjectStore, uses: PhotoUses, editor: DerivedEditor) => new PhotoRemover(store, uses, editor),
  },
  {
    provide: FailureRecorder,
    inject: [AssetsRegistry, DocumentStore, EventOutbox],
    useFactory: (assets: AssetsRegistry, documents: DocumentStore, outbox: EventOutbox) =>
      new FailureRecorder(assets, new FailureTeller(assets, new OutboxMarks(documents), outbox)),
  },
  { provide: EnsuredIndex, inject: [FaceIndex], useFactory: (index: FaceIndex) => new EnsuredIndex(index) },
  {
    provide: Identifier,
    inject: [EnsuredIndex, PeopleRegistry, { token: PairComparer, optional: true }],
    useFactory: (index: EnsuredIndex, people: PeopleRegistry, comparer?: PairComparer) =>
      new Identifier(index, people, comparer),
  },
  {
    provide: Enroller,
    inject: [EnsuredIndex, PeopleRegistry, AssetBelt, EventOutbox, DocumentStore],
    useFactory: (
      index: EnsuredIndex,
      people: PeopleRegistry,
      belt: AssetBelt,
      outbox: EventOutbox,
      documents: DocumentStore,
    ): Enroller => {
      const suppressions = new SuppressionsRegistry(documents);
      return new Enroller(index, people, belt, outbox, (tenant, collection, subject) =>
        suppressions.has(tenant, collection, subject),
      );
    },
  },
];

/** Needs the models too. */
export const analyserProvider: FactoryProvider<PhotoAnalyser> = {
  provide: PhotoAnalyser,
  inject: [InferenceEngine, RuntimeOptions],
  useFactory: (engine: InferenceEngine, options: RuntimeOptions) => new PhotoAnalyser(engine, limitsOf(options)),
};

export const embedderProvider: FactoryProvider<PhotoEmbedder> = {
  provide: PhotoEmbedder,
  inject: [PhotoAnalyser, InferenceEngine],
  useFactory: (analyser: PhotoAnalyser, engine: InferenceEngine) => new PhotoEmbedder(analyser, engine),
};

/** For the stages that fetch photos from where their owners keep them. */
export const sourcesProvider: FactoryProvider<SourceReader> = {
  provide: SourceReader,
  inject: [ObjectStore, RuntimeOptions, OpenResources],
  useFactory: async (store: ObjectStore, options: RuntimeOptions, resources: OpenResources) => {
    const { fileRoots, url } = options.config.source;
    const web = await resources.open(new GuardedFetcher(url), (fetcher) => fetcher.close());
    return new SourceReader(store, web, { fileRoots, maxBytes: limitsOf(options).maxBytes });
  },
};

export const ingestProvider: FactoryProvider<IngestHandler> = {
  provide: IngestHandler,
  inject: [SourceReader, ObjectStore, PhotoUses, PhotoVault, DerivedStore, AssetsRegistry, RuntimeOptions],
  useFactory: (
    sources: SourceReader,
    store: ObjectStore,
    uses: PhotoUses,
    photos: PhotoVault,
    derived: DerivedStore,
    assets: AssetsRegistry,
    options: RuntimeOptions,
  ) => new IngestHandler(sources, uses, photos, derived, assets, limitsOf(options), store.bucket),
};

export const detectProvider: FactoryProvider<DetectHandler> = {
  provide: DetectHandler,
  inject: [PhotoVault, DerivedStore, PhotoAnalyser],
  useFactory: (photos: PhotoVault, derived: DerivedStore, analyser: PhotoAnalyser) =>
    new DetectHandler(photos, derived, analyser),
};

export const embedProvider: FactoryProvider<EmbedHandler> = {
  provide: EmbedHandler,
  inject: [DerivedStore, InferenceEngine],
  useFactory: (derived: DerivedStore, engine: InferenceEngine) => new EmbedHandler(derived, engine),
};

export const matchProvider: FactoryProvider<MatchHandler> = {
  provide: MatchHandler,
  inject: [
    ...[DerivedStore, CollectionsRegistry, AssetsRegistry],
    ...[Identifier, Enroller, PhotoRemover, DerivedEditor, EventOutbox],
  ],
  useFactory: (
    derived: DerivedStore,
    collections: CollectionsRegistry,
    assets: AssetsRegistry,
    identifier: Identifier,
    enroller: Enroller,
    remover: PhotoRemover,
    editor: DerivedEditor,
    outbox: EventOutbox,
  ) => new MatchHandler(derived, collections, assets, identifier, enroller, remover, editor, outbox),
};

export const probeProvider: FactoryProvider<ProbeHandler> = {
  provide: ProbeHandler,
  inject: [SourceReader, PhotoAnalyser, PhotoEmbedder, ObjectStore, RuntimeOptions],
  useFactory: (
    sources: SourceReader,
    analyser: PhotoAnalyser,
    embedder: PhotoEmbedder,
    store: ObjectStore,
    options: RuntimeOptions,
  ) => new ProbeHandler(sources, analyser, embedder, store, limitsOf(options)),
};

export const rebindProvider: FactoryProvider<RebindHandler> = {
  provide: RebindHandler,
  inject: [ObjectStore, DocumentStore, Exclusion, FaceIndex, AssetBelt, EventOutbox],
  useFactory: (
    store: ObjectStore,
    documents: DocumentStore,
    exclusion: Exclusion,
    index: FaceIndex,
    belt: AssetBelt,
    outbox: EventOutbox,
  ) => new RebindHandler(createGallery({ store, documents, exclusion, index, belt, outbox }).rebinder),
};
