import { type ApiKeyDocument, apiKeyDocumentSchema, keys, type Scope } from '@facelane/contracts';
import { type Page, type PageOptions, readPage } from '../document.page.js';
import type { DocumentStore } from '../document.store.js';
import { type ApiToken, hashOfSecret, hasHash, newToken, parseToken, tokenText } from './api-token.js';

export interface NewApiKey {
  readonly tenant: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Default: the deployment's. */
  readonly ratePerMinute?: number | undefined;
  /** ISO 8601. Default: never. */
  readonly expiresAt?: string | undefined;
}

/** Who may use the API. The secret is returned once, by `create`, and kept nowhere. */
export class ApiKeysRegistry {
  constructor(private readonly documents: DocumentStore) {}

  /** `token` is what the caller is to send; it cannot be shown again. */
  async create(wanted: NewApiKey): Promise<{ readonly key: ApiKeyDocument; readonly token: string }> {
    const { tenant, name, scopes, ratePerMinute, expiresAt } = wanted;
    const token = newToken(tenant);
    const key: ApiKeyDocument = {
      version: 1,
      id: token.id,
      ...{ tenant, name, scopes: [...scopes] },
      secretHash: hashOfSecret(token.secret),
      ...(ratePerMinute !== undefined && { ratePerMinute }),
      createdAt: new Date().toISOString(),
      ...(expiresAt !== undefined && { expiresAt }),
    };
    const { created } = await this.documents.create(keys.apiKey(tenant, token.id), apiKeyDocumentSchema, key);
    // One in 2^64: drawn again rather than given to two callers.
    return created ? { key, token: tokenText(token) } : this.create(wanted);
  }

  async find(tenant: string, id: string): Promise<ApiKeyDocument | undefined> {
    return this.documents.read(keys.apiKey(tenant, id), apiKeyDocumentSchema);
  }

  /** Keys of the tenant by id, those that are revoked or expired too. */
  async page(tenant: string, options: PageOptions): Promise<Page<ApiKeyDocument>> {
    return readPage(this.documents, keys.apiKeys(tenant), apiKeyDocumentSchema, options);
  }

  list(tenant: string): AsyncIterable<ApiKeyDocument> {
    return this.documents.list(keys.apiKeys(tenant), apiKeyDocumentSchema);
  }

  /** The key stays, with the time it was revoked at first. Undefined when there is no such key. */
  async revoke(tenant: string, id: string): Promise<ApiKeyDocument | undefined> {
    const revokedAt = new Date().toISOString();
    return this.documents.amend(keys.apiKey(tenant, id), apiKeyDocumentSchema, (key) =>
      key.revokedAt === undefined ? { ...key, revokedAt } : key,
    );
  }

  /** Undefined for what is no token; whether there is such a key is another question. */
  parseToken(text: string): ApiToken | undefined {
    return parseToken(text);
  }

  /** Whether the secret is the key's, in constant time; says nothing of its being revoked or expired. */
  matches({ secretHash }: ApiKeyDocument, secret: string): boolean {
    return hasHash(secret, secretHash);
  }

  /** The key that the token opens now; undefined when there is none, or when it is revoked or expired. */
  async verify(text: string, now = new Date()): Promise<ApiKeyDocument | undefined> {
    const token = parseToken(text);
    if (token === undefined) return undefined;
    const key = await this.find(token.tenant, token.id);
    if (key === undefined || !this.matches(key, token.secret) || key.revokedAt !== undefined) return undefined;
    return key.expiresAt !== undefined && Date.parse(key.expiresAt) <= now.getTime() ? undefined : key;
  }
}
