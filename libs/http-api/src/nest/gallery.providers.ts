import { BulkJobsRegistry, LedgerEraser } from '@facelane/bulk';
import { FaceIndex } from '@facelane/face-index';
import {
  AssetBelt,
  AssetRemover,
  CollectionRemover,
  createGallery,
  EnsuredIndex,
  Eraser,
  type Gallery,
  Identifier,
  OutboxSweeper,
  PairComparer,
  PairProbability,
  PeopleEditor,
  RetentionSweeper,
} from '@facelane/gallery';
import { ObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { DocumentStore, EventOutbox, Exclusion, PeopleRegistry, WebhooksRegistry } from '@facelane/registry';
import type { Provider, Type } from '@nestjs/common';
import { WebhookEraser } from '../services/webhooks/webhook.eraser.js';

/** The gallery as a whole: an interface has no token. */
const GALLERY = Symbol('GALLERY');

const part = <T>(token: Type<T>, take: (gallery: Gallery) => T): Provider => ({
  provide: token,
  inject: [GALLERY],
  useFactory: take,
});

/** Who is who: asking, changing, removing. */
export const galleryProviders: Provider[] = [
  {
    provide: GALLERY,
    inject: [
      ...[ObjectStore, DocumentStore, Exclusion, FaceIndex, AssetBelt, EventOutbox],
      ...[BulkJobsRegistry, WebhooksRegistry, PipelineBelt],
    ],
    useFactory: (
      store: ObjectStore,
      documents: DocumentStore,
      exclusion: Exclusion,
      index: FaceIndex,
      belt: AssetBelt,
      outbox: EventOutbox,
      jobs: BulkJobsRegistry,
      webhooks: WebhooksRegistry,
      { attempts, eventLog }: PipelineBelt,
    ): Gallery => {
      const places = [new LedgerEraser(store, exclusion, jobs), new WebhookEraser(webhooks, attempts, eventLog)];
      return createGallery({ store, documents, exclusion, index, belt, outbox, places });
    },
  },
  part(PeopleEditor, ({ editor }) => editor),
  part(AssetRemover, ({ assetRemover }) => assetRemover),
  part(CollectionRemover, ({ collectionRemover }) => collectionRemover),
  part(Eraser, ({ eraser }) => eraser),
  part(RetentionSweeper, ({ retention }) => retention),
  part(OutboxSweeper, ({ outboxSweeper }) => outboxSweeper),
  { provide: EnsuredIndex, inject: [FaceIndex], useFactory: (index: FaceIndex) => new EnsuredIndex(index) },
  {
    provide: Identifier,
    inject: [EnsuredIndex, PeopleRegistry, { token: PairComparer, optional: true }],
    useFactory: (index: EnsuredIndex, people: PeopleRegistry, comparer?: PairComparer) =>
      new Identifier(index, people, comparer),
  },
  {
    provide: PairProbability,
    inject: [EnsuredIndex, { token: PairComparer, optional: true }],
    useFactory: (index: EnsuredIndex, comparer?: PairComparer) => new PairProbability(index, comparer),
  },
];
