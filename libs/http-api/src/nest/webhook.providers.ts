import { Belts, OpenResources, RuntimeOptions } from '@facelane/boot';
import { DELIVERY_TIMEOUT_MS } from '@facelane/contracts';
import { DeliveryAdder, DeliverySender, Replayer, tellBooks } from '@facelane/events';
import { GuardedPoster, TargetCheck } from '@facelane/outbound';
import { DocumentStore, Exclusion, WebhooksRegistry } from '@facelane/registry';
import type { Provider } from '@nestjs/common';
import { CollectionLookup } from '../services/collection.lookup.js';
import { DeliveryDesk } from '../services/webhooks/delivery.desk.js';
import { WebhookDesk } from '../services/webhooks/webhook.desk.js';

/** Where events are sent. */
export const webhookProviders: Provider[] = [
  {
    provide: WebhooksRegistry,
    inject: [DocumentStore, Exclusion, Belts],
    useFactory: (documents: DocumentStore, exclusion: Exclusion, { deliveries }: Belts) =>
      new WebhooksRegistry(documents, exclusion, tellBooks(deliveries.revisions)),
  },
  {
    provide: WebhookDesk,
    inject: [WebhooksRegistry, CollectionLookup, Belts, RuntimeOptions],
    useFactory: (
      webhooks: WebhooksRegistry,
      collections: CollectionLookup,
      { deliveries }: Belts,
      { config }: RuntimeOptions,
    ) => new WebhookDesk(webhooks, new TargetCheck(config.webhook), collections, deliveries.attempts),
  },
  {
    provide: DeliveryDesk,
    inject: [Belts, RuntimeOptions, OpenResources],
    useFactory: async (
      { deliveries }: Belts,
      { config }: RuntimeOptions,
      resources: OpenResources,
    ): Promise<DeliveryDesk> => {
      const { eventLog: log, attempts, queues, withdrawals } = deliveries;
      const adder = new DeliveryAdder({ log, queues, withdrawals });
      const poster = new GuardedPoster({ ...config.webhook, timeoutMs: DELIVERY_TIMEOUT_MS });
      const sender = new DeliverySender(await resources.open(poster, (one) => one.close()));
      return new DeliveryDesk(sender, attempts, new Replayer({ log, attempts, adder }));
    },
  },
];
