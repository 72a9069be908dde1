import { PipelineBelt } from '@facelane/queue';
import type { Provider } from '@nestjs/common';
import { ConsumerDesk } from '../services/events/consumer.desk.js';
import { EventFeed } from '../services/events/event.feed.js';

/** Events for who asks for them. */
export const eventProviders: Provider[] = [
  {
    provide: EventFeed,
    inject: [PipelineBelt],
    useFactory: ({ eventLog }: PipelineBelt) => new EventFeed(eventLog),
  },
  {
    provide: ConsumerDesk,
    inject: [PipelineBelt],
    useFactory: ({ eventLog }: PipelineBelt) => new ConsumerDesk(eventLog.consumers),
  },
];
