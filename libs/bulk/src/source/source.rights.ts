import type { SourceBucket } from '@facelane/config';
import { keys } from '@facelane/contracts';

/** What may be named as a photo. The workers could read every object of every bucket, so somebody must say no. */
export interface SourceRules {
  /** The bucket of this deployment, where every tenant's documents lie. */
  readonly ownBucket: string;
  readonly allowed: readonly SourceBucket[];
}

/** Whether items of the tenant may name the object. Of our own documents, only what the tenant uploaded. */
export function mayReadObject(
  { ownBucket, allowed }: SourceRules,
  { tenant, bucket, key }: { readonly tenant: string; readonly bucket: string; readonly key: string },
): boolean {
  // The stores refuse these too; what begins with an allowed prefix must not be a way out of it.
  if (key.split('/').some((segment) => segment === '.' || segment === '..')) return false;
  if (bucket === ownBucket && key.startsWith(keys.tenants())) return key.startsWith(keys.uploads(tenant));
  return allowed.some(
    (rule) => rule.bucket === bucket && key.startsWith(rule.prefix) && (rule.tenant ?? tenant) === tenant,
  );
}
