import { Controller, Inject } from '@nestjs/common';
import type { EndpointInput, EndpointOutput } from '../endpoint/define-endpoint.js';
import { Endpoint } from '../endpoint/endpoint.decorator.js';
import * as endpoints from '../endpoints/notification.endpoints.js';
import { NotificationDesk } from '../services/notifications/notification.desk.js';

/** What buckets say of themselves. */
@Controller()
export class NotificationsController {
  constructor(@Inject(NotificationDesk) private readonly desk: NotificationDesk) {}

  @Endpoint(endpoints.notify)
  notify({
    caller,
    params,
    body,
    signal,
  }: EndpointInput<typeof endpoints.notify>): Promise<EndpointOutput<typeof endpoints.notify>> {
    return this.desk.take(caller, params.collection, body, signal);
  }
}
