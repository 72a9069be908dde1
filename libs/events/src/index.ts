export { buildAsyncApi, EVENTS_VERSION, type AsyncApiDocument } from './asyncapi/build-asyncapi.js';
export { eventJsonSchemas, schemaNameOf, type JsonSchema } from './asyncapi/event.json-schema.js';
export { signWith, type SignedMessage, type WebhookHeaders } from './signing/sign-webhook.js';
export { isSecret, makeSecret } from './signing/webhook.secret.js';
