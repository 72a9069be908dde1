import { OpenResources, RuntimeOptions } from '@facelane/boot';
import { BulkJobsRegistry, Ledger } from '@facelane/bulk';
import type { SnsTopic } from '@facelane/config';
import type { PIPELINE } from '@facelane/contracts';
import { ObjectStore } from '@facelane/object-store';
import { GuardedFetcher } from '@facelane/outbound';
import { PipelineBelt } from '@facelane/queue';
import { DocumentStore } from '@facelane/registry';
import type { Provider } from '@nestjs/common';
import { AssetIntake } from '../services/asset.intake.js';
import { CollectionLookup } from '../services/collection.lookup.js';
import { JobIntake } from '../services/jobs/job.intake.js';
import { JobListing } from '../services/jobs/job.listing.js';
import { JobPlaces } from '../services/jobs/job.places.js';
import { JobRetry } from '../services/jobs/job.retry.js';
import { JobWatch } from '../services/jobs/job.watch.js';
import { NotificationDesk } from '../services/notifications/notification.desk.js';
import { SnsGate } from '../services/notifications/sns.gate.js';
import { SourcePolicy } from '../services/source.policy.js';

/** Bulk jobs, and what buckets say is new. */
export const jobProviders: Provider[] = [
  {
    provide: BulkJobsRegistry,
    inject: [DocumentStore, ObjectStore],
    useFactory: (documents: DocumentStore, store: ObjectStore) => new BulkJobsRegistry(documents, store),
  },
  { provide: Ledger, inject: [ObjectStore], useFactory: (store: ObjectStore) => new Ledger(store) },
  {
    provide: JobIntake,
    inject: [BulkJobsRegistry, ObjectStore, SourcePolicy],
    useFactory: (jobs: BulkJobsRegistry, store: ObjectStore, policy: SourcePolicy) =>
      new JobIntake(jobs, store, policy),
  },
  {
    provide: JobListing,
    inject: [BulkJobsRegistry],
    useFactory: (jobs: BulkJobsRegistry) => new JobListing(jobs),
  },
  {
    provide: JobRetry,
    inject: [BulkJobsRegistry, Ledger, ObjectStore, SourcePolicy],
    useFactory: (...parts: ConstructorParameters<typeof JobRetry>) => new JobRetry(...parts),
  },
  {
    provide: JobWatch,
    inject: [BulkJobsRegistry, ObjectStore, PipelineBelt],
    useFactory: (jobs: BulkJobsRegistry, store: ObjectStore, belt: PipelineBelt<typeof PIPELINE>) =>
      new JobWatch(jobs, new JobPlaces(belt), store),
  },
  {
    provide: NotificationDesk,
    inject: [RuntimeOptions, OpenResources, CollectionLookup, AssetIntake],
    useFactory: (
      { config }: RuntimeOptions,
      resources: OpenResources,
      lookup: CollectionLookup,
      intake: AssetIntake,
    ): Promise<NotificationDesk> => notificationDesk(config.api.snsTopics, resources, lookup, intake),
  },
];

async function notificationDesk(
  topics: readonly SnsTopic[],
  resources: OpenResources,
  lookup: CollectionLookup,
  intake: AssetIntake,
): Promise<NotificationDesk> {
  // Public addresses only, and straight: what SNS names is checked before, a redirection would not be.
  const fetcher = await resources.open(new GuardedFetcher({ maxRedirects: 0 }), (opened) => opened.close());
  return new NotificationDesk(topics, new SnsGate(fetcher), lookup, intake);
}
