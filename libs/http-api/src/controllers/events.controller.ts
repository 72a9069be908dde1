import { Controller, Inject } from '@nestjs/common';
import type { EndpointInput, EndpointOutput } from '../endpoint/define-endpoint.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import * as endpoints from '../endpoints/event.endpoints.js';
import { ConsumerDesk } from '../services/events/consumer.desk.js';
import { type EventFilter, EventFeed } from '../services/events/event.feed.js';
import { eventView, feedMessages } from '../views/event.view.js';

/** What has happened, for who asks. */
@Controller()
export class EventsController {
  constructor(
    @Inject(EventFeed) private readonly feed: EventFeed,
    @Inject(ConsumerDesk) private readonly desk: ConsumerDesk,
  ) {}

  @Endpoint(endpoints.listEvents)
  async list({
    caller,
    query,
    signal,
  }: EndpointInput<typeof endpoints.listEvents>): Promise<EndpointOutput<typeof endpoints.listEvents>> {
    const { limit, wait } = query;
    const wish = { limit, waitMs: wait * 1_000, ...filterOf(query) };
    const { events, next, end } = await this.feed.page(caller.tenant, query, wish, signal);
    return { events: events.map(eventView), next, end };
  }

  @Endpoint(endpoints.streamEvents)
  async stream({
    caller,
    query,
    signal,
    lastEventId,
  }: EndpointInput<typeof endpoints.streamEvents>): Promise<EndpointOutput<typeof endpoints.streamEvents>> {
    const filter = filterOf(query);
    // An empty one is that of a reader who has heard nothing yet.
    const place = { after: lastEventId === undefined || lastEventId === '' ? query.after : lastEventId };
    // Before the stream begins: afterwards there is no way to say that the cursor has expired.
    const first = await this.feed.first(caller.tenant, place, filter);
    return feedMessages(this.feed.follow(caller.tenant, first, filter, signal));
  }

  @Endpoint(endpoints.listEventConsumers)
  async consumers({
    caller,
  }: EndpointInput<typeof endpoints.listEventConsumers>): Promise<EndpointOutput<typeof endpoints.listEventConsumers>> {
    return { items: await this.desk.list(caller.tenant) };
  }

  @Endpoint(endpoints.commitEvents)
  commit({
    caller,
    params,
    body,
  }: EndpointInput<typeof endpoints.commitEvents>): Promise<EndpointOutput<typeof endpoints.commitEvents>> {
    return this.desk.commit(caller.tenant, params.consumer, body);
  }

  @Endpoint(endpoints.deleteEventConsumer)
  remove({
    caller,
    params,
  }: EndpointInput<typeof endpoints.deleteEventConsumer>): Promise<
    EndpointOutput<typeof endpoints.deleteEventConsumer>
  > {
    return this.desk.remove(caller.tenant, params.consumer);
  }
}

interface FilterQuery {
  readonly types?: readonly string[] | undefined;
  readonly collection?: string | undefined;
}

const filterOf = ({ types, collection }: FilterQuery): EventFilter => ({
  ...(types !== undefined && { types }),
  ...(collection !== undefined && { collection }),
});
