import { z } from 'zod';
import type { AssetDocument } from '../../documents/asset.schema.js';
import { sourceName } from '../../documents/source.schema.js';
import { MAX_SOURCE_BYTES, MAX_TAGS_BYTES, unlessLonger } from '../event.limits.js';
import { assetFacts } from '../types/event.parts.js';

const { externalId, tags, source, bulk } = assetFacts;

/** What events say of an asset beside how it ended, as they say it: jobs carry it to the stage that tells. */
export const toldFactsSchema = z.strictObject({ externalId, tags, source, bulk });
export type ToldFacts = z.output<typeof toldFactsSchema>;

/** What the asset document, or the job, knows of a submission; nothing of a photo that failed before it had one. */
export type AssetFacts = Partial<Pick<AssetDocument, 'externalId' | 'tags' | 'bulk'>> & {
  /** Or its name, where it is known by that alone. */
  readonly source?: AssetDocument['source'] | string | undefined;
};

/** A source is called by its name: the query of a URL may be a secret. What does not fit into an event is left out. */
export function toldFactsOf({ externalId, tags, source, bulk }: AssetFacts): ToldFacts {
  const name = source === undefined || typeof source === 'string' ? source : sourceName(source);
  const [shownTags, shownSource] = [unlessLonger(tags, MAX_TAGS_BYTES), unlessLonger(name, MAX_SOURCE_BYTES)];
  return {
    ...(externalId !== undefined && { externalId }),
    ...(shownTags !== undefined && { tags: shownTags }),
    ...(shownSource !== undefined && { source: shownSource }),
    ...(bulk !== undefined && { bulk }),
  };
}
