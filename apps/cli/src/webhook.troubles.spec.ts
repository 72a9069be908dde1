import type { WebhookEndpointDocument } from '@facelane/contracts';
import { expect, it } from 'vitest';
import { webhookLines } from './output/webhook.lines.js';
import { troubleOf } from './webhook.troubles.js';

const at = '2026-03-01T18:20:33.118Z';
const endpoint: WebhookEndpointDocument = {
  ...{ version: 1, tenant: 'acme', id: '0f0a3f0a-3f5b-4f43-8f6e-5a3a5a1a1c11', state: 'enabled', filter: {} },
  ...{ url: 'https://hooks.example/in?token=hush', secrets: [], concurrency: 4, createdAt: at, updatedAt: at },
};
const disabled = (reason: 'asked' | 'failing' | 'gone', lastStatus?: number): WebhookEndpointDocument => ({
  ...{ ...endpoint, state: 'disabled', failingSince: at },
  disabled: { at, reason, ...(lastStatus !== undefined && { lastStatus }) },
});

it.each<[string, WebhookEndpointDocument, string | undefined]>([
  ['does well', endpoint, undefined],
  ['was disabled by somebody', disabled('asked'), undefined],
  ['fails', { ...endpoint, failingSince: at, heldSince: at }, `failing since ${at}`],
  ['was disabled', disabled('failing'), `disabled since ${at}`],
  ['said that it wants no more', disabled('gone', 410), `disabled since ${at}, after it answered 410`],
  ['has too much waiting', { ...endpoint, heldSince: at }, `held since ${at}`],
])('an endpoint that %s', (_what, document, line) => {
  const troubles = troubleOf(document);
  const [, first, second] = webhookLines(troubles).split('\n');
  expect(first).toBe(line && `hooks.example  ${line}`);
  expect(second).toBe(line && `  endpoint ${endpoint.id} of tenant acme`);
});
