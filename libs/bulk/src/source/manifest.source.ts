import { formatOf, readLine, type LineFormat } from './line.format.js';
import { assertSame, openManifest, openManifestAt, type ManifestSource, type ManifestText } from './manifest.text.js';
import type { RecordSplitter, TextRecord } from './record.splitter.js';
import { manifestCursor, parseManifestCursor, type ManifestPlace } from './source.cursor.js';
import type { LineContent, SourceItem, SourceStores } from './source.item.js';
import { checkedContent } from './source.policy.js';

/**
 * The items of a manifest (docs/manifests.md): JSONL, or CSV with a header, in UTF-8, plain or gzip, told by its bytes. Lines with nothing
 * on them are no items and have a number all the same, as the header has. Going on at a cursor, a plain manifest is
 * read from that byte on; one in gzip is decompressed again up to there.
 */
export async function* readManifest(
  source: ManifestSource,
  stores: SourceStores,
  cursor?: string,
): AsyncGenerator<SourceItem> {
  const from = cursor === undefined ? undefined : parseManifestCursor(cursor);
  const text = await openManifest(source, stores);
  const open: RecordSplitter[] = [text.splitter];
  try {
    if (from !== undefined) assertSame(source, text.etag, from.etag);
    const first = await firstLine(text);
    if (first === undefined) return;
    const format = formatOf(first, source.bucket);
    if (from === undefined && !format.hasHeader) yield* itemsOf(first, format, text, stores);
    const rest = from === undefined ? text.splitter : await goOn(source, stores, text, from.place);
    if (rest !== text.splitter) open.push(rest);
    yield* restOf(rest, format, text, stores);
  } finally {
    for (const splitter of open) await splitter.close();
  }
}

/** The first line with something on it. */
async function firstLine({ splitter }: ManifestText): Promise<TextRecord | undefined> {
  for (;;) {
    const line = await splitter.next('line');
    if (line === undefined || line.fault !== undefined || Buffer.from(line.bytes).toString().trim() !== '') return line;
  }
}

async function goOn(
  source: ManifestSource,
  stores: SourceStores,
  { splitter, isGzip, etag }: ManifestText,
  place: ManifestPlace,
): Promise<RecordSplitter> {
  if (isGzip) {
    await splitter.skipTo(place);
    return splitter;
  }
  await splitter.close();
  return openManifestAt(source, stores, place, etag);
}

async function* restOf(
  splitter: RecordSplitter,
  format: LineFormat,
  text: ManifestText,
  stores: SourceStores,
): AsyncGenerator<SourceItem> {
  for (let record = await splitter.next(format.kind); record !== undefined; record = await splitter.next(format.kind)) {
    yield* itemsOf(record, format, text, stores);
  }
}

function* itemsOf(
  record: TextRecord,
  format: LineFormat,
  { etag }: ManifestText,
  stores: SourceStores,
): Generator<SourceItem> {
  const read = readLine(record, format);
  if (read === undefined) return;
  const content: LineContent = 'item' in read ? checkedContent(read.item, stores) : read;
  yield { line: record.line, cursor: manifestCursor(record.end, etag), ...content };
}
