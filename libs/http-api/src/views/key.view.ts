import type { ApiKeyDocument } from '@facelane/contracts';
import type { KeyBody } from '../schemas/key.schema.js';

/** A key without anything that its secret could be told from. */
export function keyView(key: ApiKeyDocument): KeyBody {
  const { id, tenant, name, scopes, ratePerMinute, createdAt, expiresAt, revokedAt } = key;
  return {
    ...{ id, tenant, name, scopes: [...scopes] },
    ...(ratePerMinute !== undefined && { ratePerMinute }),
    createdAt,
    ...(expiresAt !== undefined && { expiresAt }),
    ...(revokedAt !== undefined && { revokedAt }),
  };
}
