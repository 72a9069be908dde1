import { Belts, OpenResources, RuntimeOptions } from '@facelane/boot';
import { DELIVERIES, DELIVERY_TIMEOUT_MS } from '@facelane/contracts';
import {
  DeliveryAdder,
  DeliveryHandler,
  DeliverySender,
  EndpointBook,
  EndpointHealth,
  EndpointTurns,
  FirstTries,
  tellBooks,
} from '@facelane/events';
import { GuardedPoster } from '@facelane/outbound';
import { DocumentStore, Exclusion, WebhooksRegistry } from '@facelane/registry';
import type { FactoryProvider } from '@nestjs/common';

/** A process that is not heard of so long after its request must have ended has given up its turn, in milliseconds. */
const HOLD_MS = DELIVERY_TIMEOUT_MS + 15_000;

export const deliveryProvider: FactoryProvider<DeliveryHandler> = {
  provide: DeliveryHandler,
  inject: [Belts, DocumentStore, Exclusion, RuntimeOptions, OpenResources],
  useFactory: async (
    { deliveries }: Belts,
    documents: DocumentStore,
    exclusion: Exclusion,
    { config, log }: RuntimeOptions,
    resources: OpenResources,
  ) => {
    const { places, attempts, eventLog, queues, withdrawals, revisions } = deliveries;
    const timeoutMs = DELIVERY_TIMEOUT_MS;
    const poster = await resources.open(new GuardedPoster({ ...config.webhook, timeoutMs }), (one) => one.close());
    const webhooks = new WebhooksRegistry(documents, exclusion, tellBooks(revisions));
    const endpoints = new EndpointBook(webhooks, revisions);
    const turns = new EndpointTurns(places, { capacity: config.queue.concurrency.delivery, holdMs: HOLD_MS });
    const sender = new DeliverySender(poster);
    const { retry } = DELIVERIES.stages.delivery;
    return new DeliveryHandler({
      ...{ endpoints, turns, sender, attempts, retry },
      firstTries: new FirstTries({
        ...{ turns, sender, attempts, log: eventLog, retry },
        adder: new DeliveryAdder({ log: eventLog, queues, withdrawals }),
        onMissing: ({ tenant, id: endpointId }, count) =>
          log.warn({ tenant, endpointId, count }, 'the log has events no more that were to be delivered'),
      }),
      health: new EndpointHealth({
        ...{ webhooks, endpoints, log: eventLog },
        onDisabled: ({ tenant, id: endpointId, url, disabled }) =>
          log.warn({ tenant, endpointId, host: new URL(url).host, ...disabled }, 'a webhook endpoint was disabled'),
      }),
      onTrouble: (error) => log.warn({ err: error }, 'how a webhook endpoint does could not be noted'),
    });
  },
};
