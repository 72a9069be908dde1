export { ApiKeysRegistry, type NewApiKey } from './access/api-keys.registry.js';
export type { ApiToken } from './access/api-token.js';
export { AssetsRegistry, type AssetKey, type ListedAsset } from './assets.registry.js';
export { CachedLookup, type CachedLookupOptions } from './cached.lookup.js';
export { chunked } from './chunked.js';
export {
  CollectionsRegistry,
  type CollectionEdit,
  type CollectionSettings,
  type NewCollection,
} from './collections.registry.js';
export { DerivedEditor } from './content/derived.editor.js';
export { DerivedStore } from './content/derived.store.js';
export { HAND_OVER_BYTES, HandOver } from './content/hand-over.js';
export { PhotoUses, type PhotoUse } from './content/photo-uses.js';
export { PhotoRemover } from './content/photo.remover.js';
export { PhotoVault } from './content/photo.vault.js';
export { idsBelow, type Page, type PageOptions } from './document.page.js';
export { DocumentStore } from './document.store.js';
export { digestOf, type OpenReceipt, ReceiptsRegistry, subjectOf } from './erasure/receipts.registry.js';
export { type Suppressed, SuppressionsRegistry } from './erasure/suppressions.registry.js';
export { EventOutbox } from './event-outbox.port.js';
export { Exclusion } from './exclusion.port.js';
export { IntakeRegistry } from './intake.registry.js';
export { OutboxMarks } from './outbox.marks.js';
export {
  PeopleRegistry,
  type NewPerson,
  type PeoplePageOptions,
  type PersonEdit,
  type PersonKey,
} from './people.registry.js';
export type { Disabling, WebhookEdit } from './webhooks/webhook.edits.js';
export { activeSecrets } from './webhooks/webhook.secrets.js';
export {
  MOST_WEBHOOKS,
  type NewWebhook,
  type Rotated,
  type Rotation,
  type WebhookChanges,
  type WebhookKey,
  WebhooksRegistry,
} from './webhooks/webhooks.registry.js';
