import { UsageError } from '@facelane/contracts';
import { AssetBelt } from '@facelane/gallery';
import { ObjectStore } from '@facelane/object-store';
import { type BeltRole, PipelineBelt } from '@facelane/queue';
import {
  AssetsRegistry,
  CollectionsRegistry,
  DocumentStore,
  EventOutbox,
  Exclusion,
  PeopleRegistry,
} from '@facelane/registry';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Belts } from './belts.js';
import { LeaseExclusion } from './lease.exclusion.js';
import { LogEventOutbox } from './log.event-outbox.js';
import { OpenResources } from './open.resources.js';
import { QueuedAssetBelt } from './queued.asset-belt.js';
import { RedisOutage } from './redis.outage.js';
import { RuntimeOptions } from './runtime.options.js';
import { StoresModule } from './stores.module.js';

/** How the program meets a Redis that is away. Default: as a worker, who waits. */
const BELT_ROLE = Symbol('BELT_ROLE');

const belts: Provider[] = [
  {
    provide: Belts,
    inject: [RuntimeOptions, OpenResources, { token: BELT_ROLE, optional: true }],
    useFactory: ({ config, log, gate }: RuntimeOptions, resources: OpenResources, role: BeltRole = 'worker') => {
      const url = requireRedisUrl(config);
      const outage = new RedisOutage(url, log);
      const belts = Belts.open(role, {
        url,
        prefix: config.redis.prefix,
        events: config.events,
        gate,
        onError: (error) => outage.report(error),
        onReady: () => outage.over(),
      });
      return resources.open(belts, (opened) => opened.close());
    },
  },
  { provide: PipelineBelt, inject: [Belts], useFactory: ({ pipeline }: Belts) => pipeline },
  { provide: AssetBelt, inject: [Belts], useFactory: (belts: Belts) => new QueuedAssetBelt(belts) },
  {
    provide: EventOutbox,
    inject: [PipelineBelt],
    useFactory: ({ eventLog }: PipelineBelt) => new LogEventOutbox(eventLog),
  },
];

const registries: Provider[] = [
  {
    provide: Exclusion,
    inject: [PipelineBelt],
    useFactory: ({ lease }: PipelineBelt) => new LeaseExclusion(lease),
  },
  {
    provide: DocumentStore,
    inject: [ObjectStore, Exclusion],
    useFactory: (store: ObjectStore, exclusion: Exclusion) => new DocumentStore(store, exclusion),
  },
  ...[AssetsRegistry, CollectionsRegistry, PeopleRegistry].map((Registry) => ({
    provide: Registry,
    inject: [DocumentStore],
    useFactory: (documents: DocumentStore) => new Registry(documents),
  })),
];

function requireRedisUrl({ redis }: RuntimeOptions['config']): string {
  if (redis.url !== undefined) return redis.url;
  throw new UsageError(
    'REDIS_URL is not set, and this program shares its queues with other processes.',
    'Set it to the Redis that the API and the workers use, for example REDIS_URL=redis://localhost:6379.',
  );
}

/** The ports with the drivers that the configuration names, and the registries over them. */
@Module({
  imports: [StoresModule],
  providers: [...belts, ...registries],
  exports: [StoresModule, ...belts, ...registries],
})
export class PortsModule {
  /**
   * For what answers requests: it starts without Redis, and what it asks of Redis while that is away fails at once.
   * Beside workers in one process it has a connection of its own, and shares the stores with them.
   */
  static failingFast(): DynamicModule {
    const role: BeltRole = 'service';
    return { module: PortsModule, providers: [{ provide: BELT_ROLE, useValue: role }] };
  }
}
