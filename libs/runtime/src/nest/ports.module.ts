import { PIPELINE, UsageError } from '@facelane/contracts';
import { FaceIndex } from '@facelane/face-index';
import { ObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { AssetsRegistry, CollectionsRegistry, DocumentStore, Exclusion, PeopleRegistry } from '@facelane/registry';
import { Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { RuntimeOptions } from './runtime.options.js';
import { openFaceIndex, openObjectStore } from './stores.js';

const ports: Provider[] = [
  {
    provide: ObjectStore,
    inject: [RuntimeOptions],
    useFactory: ({ config }: RuntimeOptions) => openObjectStore(config),
  },
  {
    provide: FaceIndex,
    inject: [RuntimeOptions],
    useFactory: ({ config, log }: RuntimeOptions) => openFaceIndex(config, log),
  },
  {
    provide: PipelineBelt,
    inject: [RuntimeOptions],
    useFactory: ({ config, log }: RuntimeOptions) =>
      PipelineBelt.open(PIPELINE, 'worker', {
        url: requireRedisUrl(config),
        prefix: config.redis.prefix,
        onError: (error) => log.warn(error.message),
      }),
  },
];

const registries: Provider[] = [
  {
    provide: Exclusion,
    inject: [PipelineBelt],
    useFactory: ({ lease }: PipelineBelt): Exclusion => ({ with: (name, work) => lease.with(name, () => work()) }),
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
    'REDIS_URL is not set, and a worker shares its queues with other processes.',
    'Set it to the Redis that the API and the other workers use, for example REDIS_URL=redis://localhost:6379.',
  );
}

/** The ports with the drivers that the configuration names, and the registries over them. */
@Module({ providers: [...ports, ...registries], exports: [...ports, ...registries] })
export class PortsModule implements OnApplicationShutdown {
  constructor(
    private readonly store: ObjectStore,
    private readonly index: FaceIndex,
    private readonly belt: PipelineBelt,
  ) {}

  /** After every worker has drained (beforeApplicationShutdown). */
  async onApplicationShutdown(): Promise<void> {
    await this.belt.close();
    await Promise.all([this.index.close(), this.store.close()]);
  }
}
