import { PortsModule, RuntimeOptions } from '@facelane/boot';
import {
  BulkJobsRegistry,
  type FeederDependencies,
  FeederService,
  Ledger,
  mayReadObject,
  openBulkSource,
  SegmentWriter,
} from '@facelane/bulk';
import type { PIPELINE } from '@facelane/contracts';
import { ObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { AssetsRegistry, DocumentStore, EventOutbox, Exclusion } from '@facelane/registry';
import { AssetSubmitter, SharedEvents } from '@facelane/submission';
import { Module } from '@nestjs/common';
import { FeederLifecycle } from './feeder.lifecycle.js';

type Belt = PipelineBelt<typeof PIPELINE>;

/** The feeder of bulk jobs, alone in its process or beside workers. */
@Module({
  imports: [PortsModule],
  providers: [
    {
      provide: FeederLifecycle,
      inject: [ObjectStore, DocumentStore, Exclusion, AssetsRegistry, PipelineBelt, EventOutbox, RuntimeOptions],
      useFactory: (
        store: ObjectStore,
        documents: DocumentStore,
        exclusion: Exclusion,
        assets: AssetsRegistry,
        belt: Belt,
        outbox: EventOutbox,
        { config, log }: RuntimeOptions,
      ) => {
        const openSource = sourceOpener(store, config.api.sourceBuckets);
        const parts = feederParts(store, documents, exclusion, belt);
        const dependencies = { store, documents, assets, belt, outbox, openSource, ...parts };
        const { bulk, queue } = config;
        return new FeederLifecycle(new FeederService(dependencies, { ...bulk, log, graceMs: queue.drainTimeoutMs }));
      },
    },
  ],
})
export class FeederModule {}

function feederParts(
  store: ObjectStore,
  documents: DocumentStore,
  exclusion: Exclusion,
  belt: Belt,
): Pick<FeederDependencies, 'jobs' | 'ledger' | 'segments' | 'submitter' | 'events'> {
  return {
    jobs: new BulkJobsRegistry(documents, store),
    ledger: new Ledger(store),
    segments: new SegmentWriter(store, exclusion),
    submitter: new AssetSubmitter(belt.queues),
    events: new SharedEvents(belt),
  };
}

function sourceOpener(
  store: ObjectStore,
  allowed: RuntimeOptions['config']['api']['sourceBuckets'],
): FeederDependencies['openSource'] {
  const rules = { ownBucket: store.bucket, allowed };
  return ({ tenant, source }, cursor) => {
    const mayRead = (bucket: string, key: string): boolean => mayReadObject(rules, { tenant, bucket, key });
    return openBulkSource(source, { store, mayRead }, cursor);
  };
}
