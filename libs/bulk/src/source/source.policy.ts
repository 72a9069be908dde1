import { broken, type BulkPhoto, type LineContent, type SourceStores } from './source.item.js';

/** The item, if its source may be read. URLs pass: whoever fetches them guards the addresses. */
export function checkedContent(item: BulkPhoto, { mayRead }: Pick<SourceStores, 'mayRead'>): LineContent {
  const { source, name } = item;
  switch (source.kind) {
    case 'url':
      return { item };
    case 'object':
      if (mayRead(source.bucket, source.key)) return { item };
      return broken('BULK.SOURCE_NOT_ALLOWED', `This job may not read ${name}.`, name);
    case 'file':
      return broken('BULK.SOURCE_NOT_ALLOWED', `A job names objects and URLs, no files: ${name}.`, name);
  }
}
