import { PIPELINE, UsageError } from '@facelane/contracts';
import { FaceIndex } from '@facelane/face-index';
import { ObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { AssetsRegistry, CollectionsRegistry, DocumentStore, Exclusion, PeopleRegistry } from '@facelane/registry';
import { Module, type Provider } from '@nestjs/common';
import { LeaseExclusion } from './lease.exclusion.js';
import { OpenResources } from './open.resources.js';
import { RedisOutage } from './redis.outage.js';
import { RuntimeOptions } from './runtime.options.js';
import { openFaceIndex, openObjectStore } from './stores.js';

const ports: Provider[] = [
  {
    provide: ObjectStore,
    inject: [RuntimeOptions, OpenResources],
    useFactory: ({ config }: RuntimeOptions, resources: OpenResources) =>
      resources.open(openObjectStore(config), (store) => store.close()),
  },
  {
    provide: FaceIndex,
    inject: [RuntimeOptions, OpenResources],
    useFactory: ({ config, log }: RuntimeOptions, resources: OpenResources) =>
      resources.open(openFaceIndex(config, log), (index) => index.close()),
  },
  {
    provide: PipelineBelt,
    inject: [RuntimeOptions, OpenResources],
    useFactory: ({ config, log }: RuntimeOptions, resources: OpenResources) => {
      const url = requireRedisUrl(config);
      const outage = new RedisOutage(url, log);
      const belt = PipelineBelt.open(PIPELINE, 'worker', {
        url,
        prefix: config.redis.prefix,
        onError: (error) => outage.report(error),
        onReady: () => outage.over(),
      });
      return resources.open(belt, (opened) => opened.close());
    },
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
@Module({ providers: [...ports, ...registries], exports: [...ports, ...registries] })
export class PortsModule {}
