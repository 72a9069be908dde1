import { RuntimeOptions } from '@facelane/boot';
import { TargetCheck } from '@facelane/outbound';
import { DocumentStore, Exclusion, WebhooksRegistry } from '@facelane/registry';
import type { Provider } from '@nestjs/common';
import { CollectionLookup } from '../services/collection.lookup.js';
import { WebhookDesk } from '../services/webhooks/webhook.desk.js';

/** Where events are sent. */
export const webhookProviders: Provider[] = [
  {
    provide: WebhooksRegistry,
    inject: [DocumentStore, Exclusion],
    useFactory: (documents: DocumentStore, exclusion: Exclusion) => new WebhooksRegistry(documents, exclusion),
  },
  {
    provide: WebhookDesk,
    inject: [WebhooksRegistry, CollectionLookup, RuntimeOptions],
    useFactory: (webhooks: WebhooksRegistry, collections: CollectionLookup, { config }: RuntimeOptions) =>
      new WebhookDesk(webhooks, new TargetCheck(config.webhook), collections),
  },
];
