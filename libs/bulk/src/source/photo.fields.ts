import { sourceName, sourceSchema, type Source } from '@facelane/contracts';
import { z } from 'zod';
import type { BulkPhoto } from './source.item.js';

/** An asset has 50 tags at most; 20 are left to those that the job adds to every item. */
const MAX_TAGS = 30;

const fieldsSchema = z.strictObject({
  key: z.string().optional(),
  bucket: z.string().optional(),
  url: z.string().optional(),
  externalId: z.string().min(1).max(256).optional(),
  tags: z.array(z.string().min(1).max(64)).max(MAX_TAGS).optional(),
});
type Fields = z.output<typeof fieldsSchema>;

/** Why fields are no item; a sentence for whoever wrote them, which names the field. */
export interface Objection {
  readonly objection: string;
}

/**
 * The photo that the fields of one line name: `key`, in `bucket` or else in the manifest's, or `url`; and of either
 * kind `externalId` (1 to 256 characters) and `tags` (up to 30, of 1 to 64 characters).
 */
export function photoOf(fields: unknown, manifestBucket: string): BulkPhoto | Objection {
  const parsed = fieldsSchema.safeParse(fields);
  if (!parsed.success) return { objection: objectionOf(parsed.error) };
  const { externalId, tags } = parsed.data;
  const named = namedSource(parsed.data, manifestBucket);
  if ('objection' in named) return named;
  const source = sourceSchema.safeParse(named);
  if (!source.success) return { objection: objectionOf(source.error) };
  return {
    source: source.data,
    name: sourceName(source.data),
    ...(externalId !== undefined && { externalId }),
    ...(tags !== undefined && tags.length > 0 && { tags }),
  };
}

function namedSource({ key, bucket, url }: Fields, manifestBucket: string): Source | Objection {
  if (key !== undefined && url !== undefined) return { objection: 'it has both key and url' };
  if (key !== undefined) return { kind: 'object', bucket: bucket ?? manifestBucket, key };
  if (url === undefined) return { objection: 'it has neither key nor url' };
  return bucket === undefined ? { kind: 'url', url } : { objection: 'it has a bucket for a url' };
}

function objectionOf({ issues }: z.ZodError): string {
  const issue = issues[0];
  if (issue === undefined) return 'it is none that can be read';
  if (issue.code === 'unrecognized_keys') return `it has the unknown field ${issue.keys.join(', ').slice(0, 100)}`;
  return issue.path.length === 0 ? 'it is no object and no string' : `${issue.path.join('.')}: ${issue.message}`;
}
