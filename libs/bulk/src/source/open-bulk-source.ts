import type { BulkSource } from '@facelane/contracts';
import { readManifest } from './manifest.source.js';
import { readPrefix } from './prefix.source.js';
import type { SourceItem, SourceStores } from './source.item.js';

/**
 * The items of a bulk job, one after the other, never held. A line that is no item comes as `broken` and the next ones
 * follow; a source that cannot be read at all, or no further, fails after the items that could be read.
 *
 * @param cursor of the last item that was dealt with: goes on with what followed it, with the same lines. Default: all.
 * @throws StageError BULK.MANIFEST_MISSING, BULK.MANIFEST_UNREADABLE, BULK.MANIFEST_CHANGED, BULK.CURSOR_INVALID; else
 * as the store: what it advises to try again goes on at the cursor
 */
export function openBulkSource(source: BulkSource, stores: SourceStores, cursor?: string): AsyncIterable<SourceItem> {
  switch (source.kind) {
    case 'manifest':
      return readManifest(source, stores, cursor);
    case 'prefix':
      return readPrefix(source, stores, cursor);
  }
}
