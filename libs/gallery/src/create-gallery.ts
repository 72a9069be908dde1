import type { FaceIndex } from '@facelane/face-index';
import type { ObjectStore } from '@facelane/object-store';
import {
  AssetsRegistry,
  CollectionsRegistry,
  DerivedEditor,
  DerivedStore,
  type DocumentStore,
  type EventOutbox,
  type Exclusion,
  IntakeRegistry,
  OutboxMarks,
  PeopleRegistry,
  PhotoRemover,
  PhotoUses,
  ReceiptsRegistry,
  SuppressionsRegistry,
} from '@facelane/registry';
import type { AssetBelt } from './asset-belt.port.js';
import { EnsuredIndex } from './ensured.index.js';
import { Eraser } from './erasure/eraser.js';
import { EventEraser } from './erasure/event.eraser.js';
import { ErasurePass } from './erasure/erasure.pass.js';
import type { ErasurePlace } from './erasure/erasure.place.js';
import { FaceEraser } from './erasure/face.eraser.js';
import { TraceFinder } from './erasure/trace.finder.js';
import { DecisionTeller } from './outbox/decision.teller.js';
import { ErasureTeller } from './outbox/erasure.teller.js';
import { FailureTeller } from './outbox/failure.teller.js';
import { OutboxSweeper } from './outbox/outbox.sweeper.js';
import { FaceDecider } from './people/face.decider.js';
import { PeopleEditor } from './people/people.editor.js';
import { PersonMerger } from './people/person.merger.js';
import { PersonRemover } from './people/person.remover.js';
import { ReferenceRemover } from './people/reference.remover.js';
import { GalleryPoints } from './points/gallery.points.js';
import { Rebinder } from './rebinder.js';
import { Rematcher } from './rematcher.js';
import { AssetRemover } from './removal/asset.remover.js';
import { CollectionRemover } from './removal/collection.remover.js';
import { RetentionSweeper } from './removal/retention.sweeper.js';

/** What the gallery stands on: ports with the drivers that the application chose. */
export interface GalleryPorts {
  readonly store: ObjectStore;
  readonly documents: DocumentStore;
  readonly exclusion: Exclusion;
  readonly index: FaceIndex;
  readonly belt: AssetBelt;
  readonly outbox: EventOutbox;
  /** Where else people may be named. Default: nowhere. */
  readonly places?: readonly ErasurePlace[];
}

/** Everything that changes or removes what is known. */
export interface Gallery {
  readonly rebinder: Rebinder;
  readonly editor: PeopleEditor;
  readonly assetRemover: AssetRemover;
  readonly collectionRemover: CollectionRemover;
  readonly eraser: Eraser;
  readonly retention: RetentionSweeper;
  readonly outboxSweeper: OutboxSweeper;
}

/** Puts the room together; whoever needs one part of it takes that one. Nothing is opened here, and nothing to be closed. */
export function createGallery(ports: GalleryPorts): Gallery {
  const { store, documents, exclusion, index, belt, outbox, places = [] } = ports;
  const assets = new AssetsRegistry(documents);
  const collections = new CollectionsRegistry(documents);
  const people = new PeopleRegistry(documents);
  const intake = new IntakeRegistry(documents);
  const uses = new PhotoUses(store);
  const derived = new DerivedEditor(store, documents, exclusion);
  const photos = new PhotoRemover(store, uses, derived);
  const points = new GalleryPoints(new EnsuredIndex(index));
  const references = new ReferenceRemover(people, points);
  const books = { assets, collections, people, intake };
  const remover = new AssetRemover(books, { uses, photos, derived }, points, references, belt);
  const rematcher = new Rematcher(assets, belt, remover);
  const traces = new TraceFinder(assets, intake);
  const faces = new FaceEraser(assets, derived, points);
  const suppressions = new SuppressionsRegistry(documents);
  const marks = new OutboxMarks(documents);
  const decisions = new DecisionTeller(assets, marks, outbox);
  const erasures = new ErasureTeller(new ReceiptsRegistry(documents), marks, outbox);
  const pass = new ErasurePass(people, suppressions, points, remover, traces, faces, rematcher, belt);
  return {
    rebinder: new Rebinder(collections, people, points, rematcher),
    editor: new PeopleEditor(
      new PersonMerger(collections, people, new DerivedStore(store, exclusion), points, belt),
      new PersonRemover(collections, people, points, references, remover, belt),
      new FaceDecider(people, assets, points, rematcher, decisions),
    ),
    assetRemover: remover,
    collectionRemover: new CollectionRemover(books, documents, points, remover, belt),
    eraser: new Eraser(collections, people, erasures, pass, points, belt, [...places, new EventEraser(outbox)]),
    retention: new RetentionSweeper(books, remover),
    outboxSweeper: new OutboxSweeper(collections, marks, decisions, erasures, new FailureTeller(assets, marks, outbox)),
  };
}
