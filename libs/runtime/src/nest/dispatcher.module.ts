import { Belts, PortsModule, RuntimeOptions } from '@facelane/boot';
import {
  DeliveryAdder,
  EndpointBacklogs,
  EndpointBook,
  EventDispatcher,
  EventMatcher,
  TenantFollower,
  tellBooks,
} from '@facelane/events';
import { DocumentStore, Exclusion, WebhooksRegistry } from '@facelane/registry';
import { Module } from '@nestjs/common';
import { DispatcherLifecycle } from './dispatcher.lifecycle.js';

/** Turns the logs of events into deliveries, beside whoever runs those. */
@Module({
  imports: [PortsModule],
  providers: [
    {
      provide: DispatcherLifecycle,
      inject: [Belts, DocumentStore, Exclusion, RuntimeOptions],
      useFactory: (belts: Belts, documents: DocumentStore, exclusion: Exclusion, options: RuntimeOptions) =>
        new DispatcherLifecycle(
          dispatcherOf(
            belts,
            new WebhooksRegistry(documents, exclusion, tellBooks(belts.deliveries.revisions)),
            options,
          ),
        ),
    },
  ],
})
export class DispatcherModule {}

function dispatcherOf(
  { deliveries }: Belts,
  webhooks: WebhooksRegistry,
  { config, log }: RuntimeOptions,
): EventDispatcher {
  const { eventLog, queues, withdrawals, census, lease, revisions } = deliveries;
  const matcher = new EventMatcher(new EndpointBook(webhooks, revisions), (eventId, error) =>
    log.warn({ eventId, err: error }, 'what cannot be read as an event is delivered to nobody'),
  );
  const follower = new TenantFollower({
    ...{ log: eventLog, matcher, webhooks },
    adder: new DeliveryAdder({ log: eventLog, queues, withdrawals }),
    backlogs: new EndpointBacklogs(census, { most: config.webhook.maxWaiting }),
    onGap: (tenant, error) =>
      log.warn({ tenant, reason: error.message }, 'events were lost before they were delivered'),
    onMissed: ({ tenant, id: endpointId, missed }) =>
      log.warn({ tenant, endpointId, missed }, 'the log dropped events before a webhook endpoint had room for them'),
  });
  return new EventDispatcher({
    ...{ log: eventLog, lease, follower },
    onTrouble: (error, tenant) => log.warn({ tenant, err: error }, 'events are not followed for the moment'),
  });
}
