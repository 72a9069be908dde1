export { signWith, type SignedMessage, type WebhookHeaders } from './signing/sign-webhook.js';
export { isSecret, makeSecret } from './signing/webhook.secret.js';
