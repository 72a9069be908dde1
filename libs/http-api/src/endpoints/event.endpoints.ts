import { defineEndpoint } from '../endpoint/define-endpoint.js';
import {
  commitSchema,
  committedSchema,
  consumerParams,
  consumerSchema,
  consumersSchema,
  envelopeSchema,
  eventPageSchema,
  feedQuerySchema,
  streamQuerySchema,
} from '../schemas/event.schema.js';

const tag = 'Events';
/** Also what moves a consumer: that is part of reading. */
const access = ['events:read'] as const;

export const listEvents = defineEndpoint({
  id: 'listEvents',
  method: 'GET',
  path: '/v1/events',
  tag,
  summary: 'Read events',
  description:
    'In the order of the log, each at least once. Ask again with `after` set to `next`; with `wait` the answer comes as ' +
    'soon as there is an event that was asked for. A page has about 1 MB of events at most, and may be empty without ' +
    'being at the end. Types and their data are in /asyncapi.json.',
  access,
  query: feedQuerySchema,
  success: { status: 200, description: 'A page.', schema: eventPageSchema, waits: true },
  problems: ['EVENTS.CURSOR_EXPIRED', 'EVENTS.CURSOR_INVALID'],
});

export const streamEvents = defineEndpoint({
  id: 'streamEvents',
  method: 'GET',
  path: '/v1/events/stream',
  tag,
  summary: 'Read events as they happen',
  description:
    'Server-sent events: `id` is the cursor, `event` the type, `data` the event. A block of an id alone says how far was ' +
    'looked. Goes on by Last-Event-ID; comments say that it is still there. It ends when the API stops or what is behind ' +
    'it is away: connect again.',
  access,
  query: streamQuerySchema,
  success: {
    status: 200,
    description: 'Events.',
    contentType: 'text/event-stream',
    stream: 'messages',
    schema: envelopeSchema,
  },
  problems: ['EVENTS.CURSOR_EXPIRED', 'EVENTS.CURSOR_INVALID', 'API.STREAMS_FULL'],
});

export const listEventConsumers = defineEndpoint({
  id: 'listEventConsumers',
  method: 'GET',
  path: '/v1/events/consumers',
  tag,
  summary: 'List the consumers',
  description: 'By name; there are 100 at most.',
  access,
  success: { status: 200, description: 'All of them.', schema: consumersSchema },
  problems: [],
});

export const commitEvents = defineEndpoint({
  id: 'commitEvents',
  method: 'POST',
  path: '/v1/events/consumers/{consumer}/commit',
  tag,
  summary: 'Say how far a consumer has come',
  description:
    'Events up to the cursor do not come again to who reads by the name of the consumer; what was read and not committed ' +
    'does. The first commit makes the consumer. A cursor that is behind the kept one leaves it, unless forced.',
  access,
  params: consumerParams,
  body: { kind: 'json', schema: commitSchema },
  success: { status: 200, description: 'The consumer as it is kept now.', schema: committedSchema },
  problems: ['EVENTS.CURSOR_EXPIRED', 'EVENTS.CURSOR_INVALID', 'EVENTS.CONSUMERS_FULL'],
});

export const deleteEventConsumer = defineEndpoint({
  id: 'deleteEventConsumer',
  method: 'DELETE',
  path: '/v1/events/consumers/{consumer}',
  tag,
  summary: 'Forget a consumer',
  description: 'Who reads by its name begins with the oldest event.',
  access,
  params: consumerParams,
  success: { status: 200, description: 'The consumer as it was.', schema: consumerSchema },
  problems: ['API.CONSUMER_MISSING'],
});
