import { OpenResources, RuntimeOptions } from '@facelane/boot';
import type { StageName } from '@facelane/contracts';
import { FaceIndex } from '@facelane/face-index';
import { DEFAULT_IMAGE_LIMITS, type ImageLimits } from '@facelane/imaging';
import { InferenceEngine } from '@facelane/inference';
import { ObjectStore } from '@facelane/object-store';
import { GuardedFetcher } from '@facelane/outbound';
import type { NamedHandler } from '@facelane/queue';
import {
  AssetsRegistry,
  CollectionsRegistry,
  PeopleRegistry,
  DerivedStore,
  HandOver,
  PhotoVault,
} from '@facelane/registry';
import {
  DetectHandler,
  EmbedHandler,
  FailureRecorder,
  IngestHandler,
  MatchHandler,
  PhotoAnalyser,
  PhotoEmbedder,
  SourceReader,
} from '@facelane/stages';
import { EnsuredIndex, Enroller, Identifier } from '@facelane/gallery';
import type { FactoryProvider, Provider, Type } from '@nestjs/common';

export const limitsOf = ({ config }: RuntimeOptions): ImageLimits => ({ ...DEFAULT_IMAGE_LIMITS, ...config.imaging });

/** What handlers of several stages share; needs the ports only. */
export const sharedProviders: Provider[] = [
  {
    provide: DerivedStore,
    inject: [ObjectStore, HandOver],
    useFactory: (store: ObjectStore, handOver: HandOver) => new DerivedStore(store, handOver),
  },
  {
    provide: PhotoVault,
    inject: [ObjectStore, HandOver],
    useFactory: (store: ObjectStore, handOver: HandOver) => new PhotoVault(store, handOver),
  },
  {
    provide: FailureRecorder,
    inject: [AssetsRegistry],
    useFactory: (assets: AssetsRegistry) => new FailureRecorder(assets),
  },
  { provide: EnsuredIndex, inject: [FaceIndex], useFactory: (index: FaceIndex) => new EnsuredIndex(index) },
  {
    provide: Identifier,
    inject: [EnsuredIndex, PeopleRegistry],
    useFactory: (index: EnsuredIndex, people: PeopleRegistry) => new Identifier(index, people),
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

const ingest: FactoryProvider<IngestHandler> = {
  provide: IngestHandler,
  inject: [ObjectStore, PhotoVault, DerivedStore, AssetsRegistry, RuntimeOptions, OpenResources],
  useFactory: async (
    store: ObjectStore,
    photos: PhotoVault,
    derived: DerivedStore,
    assets: AssetsRegistry,
    options: RuntimeOptions,
    resources: OpenResources,
  ) => {
    const limits = limitsOf(options);
    const { fileRoots, url } = options.config.source;
    const web = await resources.open(new GuardedFetcher(url), (fetcher) => fetcher.close());
    const sources = new SourceReader(store, web, { fileRoots, maxBytes: limits.maxBytes });
    return new IngestHandler(sources, photos, derived, assets, limits, store.bucket);
  },
};

const detect: FactoryProvider<DetectHandler> = {
  provide: DetectHandler,
  inject: [PhotoVault, DerivedStore, PhotoAnalyser],
  useFactory: (photos: PhotoVault, derived: DerivedStore, analyser: PhotoAnalyser) =>
    new DetectHandler(photos, derived, analyser),
};

const embed: FactoryProvider<EmbedHandler> = {
  provide: EmbedHandler,
  inject: [DerivedStore, InferenceEngine],
  useFactory: (derived: DerivedStore, engine: InferenceEngine) => new EmbedHandler(derived, engine),
};

const match: FactoryProvider<MatchHandler> = {
  provide: MatchHandler,
  inject: [DerivedStore, CollectionsRegistry, AssetsRegistry, PeopleRegistry, EnsuredIndex, Identifier],
  useFactory: (
    derived: DerivedStore,
    collections: CollectionsRegistry,
    assets: AssetsRegistry,
    people: PeopleRegistry,
    index: EnsuredIndex,
    identifier: Identifier,
  ) => new MatchHandler(derived, collections, assets, identifier, new Enroller(index, people)),
};

interface StageWiring {
  readonly handler: FactoryProvider<NamedHandler>;
  readonly token: Type<NamedHandler>;
  /** Whether the stage runs models: the others start without them. */
  readonly infers: boolean;
}

/** Which class does the work of which stage: a stage without a line here does not compile. */
export const STAGE_WIRING: Readonly<Record<StageName, StageWiring>> = {
  ingest: { handler: ingest, token: IngestHandler, infers: false },
  detect: { handler: detect, token: DetectHandler, infers: true },
  embed: { handler: embed, token: EmbedHandler, infers: true },
  match: { handler: match, token: MatchHandler, infers: false },
};
