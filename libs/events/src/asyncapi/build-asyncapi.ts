import { EVENT_TYPES, EVENTS, type EventType, exampleEvent } from '@facelane/contracts';
import { eventJsonSchemas, type JsonSchema, schemaNameOf } from './event.json-schema.js';

/** Version of the catalogue, raised when it changes: the second number for what is added, the first for what breaks. */
export const EVENTS_VERSION = '2.1.0';

interface Reference {
  readonly $ref: string;
}

interface Message {
  readonly name: EventType;
  readonly title: string;
  readonly summary: string;
  readonly contentType: string;
  readonly payload: Reference;
  readonly examples: readonly { readonly payload: unknown }[];
}

/** As much of AsyncAPI 3.0 as this document has. */
export interface AsyncApiDocument {
  readonly asyncapi: '3.0.0';
  readonly info: Readonly<Record<string, unknown>>;
  readonly defaultContentType: string;
  readonly channels: Readonly<Record<string, unknown>>;
  readonly operations: Readonly<Record<string, unknown>>;
  readonly components: {
    readonly messages: Readonly<Record<string, Message>>;
    readonly schemas: Readonly<Record<string, JsonSchema>>;
  };
}

/** What every delivery carries, by which its receiver knows that it is ours, whole and new. */
const HEADERS: JsonSchema = {
  type: 'object',
  description: 'Standard Webhooks 1.0: https://www.standardwebhooks.com.',
  required: ['webhook-id', 'webhook-timestamp', 'webhook-signature'],
  properties: {
    'webhook-id': { type: 'string', description: 'Id of the event, the same on every try.' },
    'webhook-timestamp': { type: 'string', pattern: '^\\d+$', description: 'Of this try, in seconds since 1970.' },
    'webhook-signature': {
      type: 'string',
      description:
        '`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`; several, with spaces between them, while secrets change.',
    },
  },
};

/** The AsyncAPI 3.0 description of everything that leaves, from the table of events. */
export function buildAsyncApi(): AsyncApiDocument {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Facelane events',
      version: EVENTS_VERSION,
      description:
        'Facts about photos, faces, people and bulk jobs, as they are sent to webhook endpoints and as the feed has them.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: {
      webhook: {
        // AsyncAPI: null where the address is known only when it runs. Each receiver gives its own.
        address: null,
        title: 'A webhook endpoint',
        description:
          'A URL that was registered. Delivered at least once, in no particular order: ignore ids you have seen.',
        messages: Object.fromEntries(EVENT_TYPES.map((type) => [type, signed(type)])),
      },
      feed: {
        address: '/v1/events/stream',
        title: 'The feed',
        description:
          'Server-sent events of the HTTP API, in one order, at least once; `id` is the cursor to go on from. ' +
          'GET /v1/events has the same by pages.',
        messages: Object.fromEntries(EVENT_TYPES.map((type) => [type, refer('components', 'messages', type)])),
      },
    },
    operations: {
      deliver: {
        action: 'send',
        channel: refer('channels', 'webhook'),
        summary: 'One event in each request, signed.',
        bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
        messages: EVENT_TYPES.map((type) => refer('channels', 'webhook', 'messages', type)),
      },
      stream: {
        action: 'send',
        channel: refer('channels', 'feed'),
        summary: 'Events as they happen, to whoever asks with a key.',
        bindings: { http: { method: 'GET', bindingVersion: '0.3.0' } },
        messages: EVENT_TYPES.map((type) => refer('channels', 'feed', 'messages', type)),
      },
    },
    components: {
      messages: Object.fromEntries(EVENT_TYPES.map((type) => [type, messageOf(type)])),
      schemas: { WebhookHeaders: HEADERS, ...eventJsonSchemas() },
    },
  };
}

function messageOf(type: EventType): Message {
  return {
    name: type,
    title: type,
    summary: EVENTS[type].summary,
    contentType: 'application/json',
    payload: refer('components', 'schemas', schemaNameOf(type)),
    examples: [{ payload: exampleEvent(type) }],
  };
}

/** The same event as it is delivered. The feed has no such headers. */
function signed(type: EventType): Omit<Message, 'examples'> & { readonly headers: Reference } {
  const { name, title, summary, contentType, payload } = messageOf(type);
  return { name, title, summary, contentType, headers: refer('components', 'schemas', 'WebhookHeaders'), payload };
}

const refer = (...path: readonly string[]): Reference => ({ $ref: `#/${path.join('/')}` });
