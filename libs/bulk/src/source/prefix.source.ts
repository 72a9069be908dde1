import { isPhotoName, sourceName, type BulkSource } from '@facelane/contracts';
import { prefixCursor, parsePrefixCursor } from './source.cursor.js';
import type { SourceItem, SourceStores } from './source.item.js';
import { checkedContent } from './source.policy.js';

type PrefixSource = Extract<BulkSource, { kind: 'prefix' }>;

/**
 * The photos below a prefix, told by their names, in the order of the listing; other objects, and what consoles leave
 * as folders, are passed over and have no number. What is written or deleted meanwhile is seen or not; what was
 * listed before keeps its number.
 */
export async function* readPrefix(
  { bucket, prefix, since }: PrefixSource,
  stores: SourceStores,
  cursor?: string,
): AsyncGenerator<SourceItem> {
  const start = cursor === undefined ? undefined : parsePrefixCursor(cursor);
  const after = since === undefined ? -Infinity : Date.parse(since);
  const listing = stores.store.forBucket(bucket).list(prefix, {
    ...(start !== undefined && { startAfter: start.key }),
    ...(stores.signal !== undefined && { signal: stores.signal }),
  });
  let line = start?.line ?? 0;
  for await (const { key, lastModified } of listing) {
    if (!isPhotoName(key) || lastModified.getTime() <= after) continue;
    line++;
    const source = { kind: 'object', bucket, key } as const;
    yield {
      line,
      cursor: prefixCursor({ line, key }),
      ...checkedContent({ source, name: sourceName(source) }, stores),
    };
  }
}
