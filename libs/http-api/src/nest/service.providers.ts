import { Belts, OpenResources, RuntimeOptions } from '@facelane/boot';
import type { PIPELINE } from '@facelane/contracts';
import { FaceIndex } from '@facelane/face-index';
import { AssetRemover, EnsuredIndex, Identifier, PairProbability } from '@facelane/gallery';
import { ObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { AssetsRegistry, CollectionsRegistry, IntakeRegistry, PeopleRegistry } from '@facelane/registry';
import { AssetSubmitter, SharedEvents } from '@facelane/submission';
import type { Provider } from '@nestjs/common';
import { ProbeDesk } from '../probe/probe.desk.js';
import { AssetEntry } from '../services/asset.entry.js';
import { AssetFinder } from '../services/asset.finder.js';
import { AssetIntake } from '../services/asset.intake.js';
import { AssetListing } from '../services/asset.listing.js';
import { CollectionLookup } from '../services/collection.lookup.js';
import { Contract } from '../services/contract.facts.js';
import { Enrolment } from '../services/enrolment.js';
import { FaceFinder } from '../services/face.finder.js';
import { PersonLookup } from '../services/person.lookup.js';
import { PhotoIntake } from '../services/photo.intake.js';
import { Recognition } from '../services/recognition.js';
import { SourcePolicy } from '../services/source.policy.js';
import { Verification } from '../services/verification.js';

type Belt = PipelineBelt<typeof PIPELINE>;

const submission: Provider[] = [
  {
    provide: SourcePolicy,
    inject: [ObjectStore, RuntimeOptions],
    useFactory: (store: ObjectStore, { config }: RuntimeOptions) =>
      new SourcePolicy(store.bucket, config.api.sourceBuckets),
  },
  {
    provide: PhotoIntake,
    inject: [ObjectStore, SourcePolicy, RuntimeOptions],
    useFactory: (store: ObjectStore, policy: SourcePolicy, { config }: RuntimeOptions) =>
      new PhotoIntake(store, policy, config.imaging.maxBytes),
  },
  {
    provide: AssetSubmitter,
    inject: [PipelineBelt],
    useFactory: ({ queues }: Belt) => new AssetSubmitter(queues),
  },
  {
    provide: AssetEntry,
    inject: [IntakeRegistry, CollectionsRegistry, PeopleRegistry, AssetSubmitter, AssetRemover],
    useFactory: (...parts: ConstructorParameters<typeof AssetEntry>) => new AssetEntry(...parts),
  },
  {
    provide: AssetIntake,
    inject: [PhotoIntake, IntakeRegistry, AssetSubmitter, AssetEntry, CollectionLookup, PipelineBelt],
    useFactory: (...parts: ConstructorParameters<typeof AssetIntake>) => new AssetIntake(...parts),
  },
  { provide: SharedEvents, inject: [PipelineBelt], useFactory: (belt: Belt) => new SharedEvents(belt) },
  {
    provide: Enrolment,
    inject: [PhotoIntake, IntakeRegistry, AssetSubmitter, AssetEntry, AssetsRegistry, SharedEvents, RuntimeOptions],
    useFactory: (
      photos: PhotoIntake,
      intakes: IntakeRegistry,
      submitter: AssetSubmitter,
      entry: AssetEntry,
      assets: AssetsRegistry,
      events: SharedEvents,
      { config }: RuntimeOptions,
    ) => new Enrolment(photos, intakes, submitter, entry, assets, events, config.api.answerTimeoutMs),
  },
];

const lookups: Provider[] = [
  {
    provide: CollectionLookup,
    inject: [CollectionsRegistry, Contract],
    useFactory: (collections: CollectionsRegistry, contract: Contract) => new CollectionLookup(collections, contract),
  },
  {
    provide: PersonLookup,
    inject: [PeopleRegistry, CollectionLookup],
    useFactory: (people: PeopleRegistry, collections: CollectionLookup) => new PersonLookup(people, collections),
  },
  {
    provide: AssetFinder,
    inject: [AssetsRegistry, IntakeRegistry, CollectionsRegistry, PipelineBelt],
    useFactory: (assets: AssetsRegistry, intakes: IntakeRegistry, collections: CollectionsRegistry, belt: Belt) =>
      new AssetFinder(assets, intakes, collections, belt.queues),
  },
  {
    provide: AssetListing,
    inject: [AssetsRegistry, AssetFinder, FaceIndex],
    useFactory: (assets: AssetsRegistry, finder: AssetFinder, index: FaceIndex) =>
      new AssetListing(assets, finder, index),
  },
  {
    provide: FaceFinder,
    inject: [FaceIndex, CollectionsRegistry, Contract],
    useFactory: (index: FaceIndex, collections: CollectionsRegistry, contract: Contract) =>
      new FaceFinder(index, collections, contract),
  },
];

const recognition: Provider[] = [
  {
    provide: ProbeDesk,
    inject: [Belts, ObjectStore, RuntimeOptions, OpenResources],
    useFactory: ({ probes }: Belts, store: ObjectStore, { config, log }: RuntimeOptions, resources: OpenResources) => {
      const onTrouble = (error: unknown): void => log.warn({ err: error }, 'a question left something behind');
      const desk = new ProbeDesk(probes, store, { timeoutMs: config.api.answerTimeoutMs, onTrouble });
      return resources.open(desk, (opened) => opened.close());
    },
  },
  {
    provide: Recognition,
    inject: [ProbeDesk, PhotoIntake, Identifier],
    useFactory: (desk: ProbeDesk, photos: PhotoIntake, identifier: Identifier) =>
      new Recognition(desk, photos, identifier),
  },
  {
    provide: Verification,
    inject: [Recognition, EnsuredIndex, PeopleRegistry, CollectionLookup, Contract, PairProbability],
    useFactory: (
      asked: Recognition,
      index: EnsuredIndex,
      people: PeopleRegistry,
      lookup: CollectionLookup,
      contract: Contract,
      probability: PairProbability,
    ) => new Verification(asked, index, people, lookup, contract, probability),
  },
];

/** What the controllers ask. */
export const serviceProviders: Provider[] = [...submission, ...lookups, ...recognition];
