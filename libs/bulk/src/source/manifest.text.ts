import { StageError, type BulkSource } from '@facelane/contracts';
import type { OpenedObject } from '@facelane/object-store';
import { gunzip, isGzip } from './manifest.gzip.js';
import { RecordSplitter } from './record.splitter.js';
import type { ManifestPlace } from './source.cursor.js';
import type { SourceStores } from './source.item.js';

export type ManifestSource = Extract<BulkSource, { kind: 'manifest' }>;

export interface ManifestText {
  readonly etag: string;
  readonly isGzip: boolean;
  /** At the first line. To be closed. */
  readonly splitter: RecordSplitter;
}

const START: ManifestPlace = { line: 1, offset: 0 };
const BOM = [0xef, 0xbb, 0xbf] as const;
/** Bytes that are looked at to tell text from something else. */
const PROBED = 512;

/**
 * Opens a manifest as text: decompressed if it is gzip by its first bytes, whatever its name, behind the byte order
 * mark if it has one.
 * @throws StageError BULK.MANIFEST_MISSING, BULK.MANIFEST_UNREADABLE for what is no text; else as the store
 */
export async function openManifest(source: ManifestSource, stores: SourceStores): Promise<ManifestText> {
  const name = nameOf(source);
  const { info, body } = await openObject(source, stores, 0);
  const { head, bytes } = await peeked(body, 2);
  const compressed = isGzip(head);
  const splitter = new RecordSplitter(compressed ? gunzip(bytes, name) : bytes, START);
  try {
    const start = await splitter.peek(PROBED);
    if (start.includes(0)) {
      throw new StageError('BULK.MANIFEST_UNREADABLE', `The manifest ${name} is no UTF-8 text: it has bytes of zero.`);
    }
    if (BOM.every((byte, i) => start[i] === byte)) await splitter.skipTo({ line: 1, offset: BOM.length });
  } catch (error) {
    await splitter.close();
    throw error;
  }
  return { etag: info.etag, isGzip: compressed, splitter };
}

/** A manifest that is plain text, from a place on. */
export async function openManifestAt(
  source: ManifestSource,
  stores: SourceStores,
  place: ManifestPlace,
  etag: string,
): Promise<RecordSplitter> {
  const { info, body } = await openObject(source, stores, place.offset);
  assertSame(source, info.etag, etag);
  return new RecordSplitter(body, place);
}

/** @throws StageError BULK.MANIFEST_CHANGED */
export function assertSame(source: ManifestSource, now: string, before: string): void {
  if (now === before) return;
  throw new StageError('BULK.MANIFEST_CHANGED', `The manifest ${nameOf(source)} was replaced while its job ran.`);
}

async function openObject(source: ManifestSource, stores: SourceStores, start: number): Promise<OpenedObject> {
  const { signal } = stores;
  try {
    const store = stores.store.forBucket(source.bucket);
    return await store.open(source.key, { start, ...(signal !== undefined && { signal }) });
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    if (error.code !== 'STORE.MISSING' && error.code !== 'STORE.BUCKET_MISSING') throw error;
    throw new StageError('BULK.MANIFEST_MISSING', `There is no manifest ${nameOf(source)}.`, { cause: error });
  }
}

const nameOf = ({ bucket, key }: ManifestSource): string => `s3://${bucket}/${key}`;

/** The first bytes of a body, and the whole of it. */
async function peeked(
  body: AsyncIterable<Uint8Array>,
  count: number,
): Promise<{ readonly head: Uint8Array; readonly bytes: AsyncIterable<Uint8Array> }> {
  const iterator = body[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array();
  while (head.length < count) {
    const next = await iterator.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  async function* bytes(): AsyncGenerator<Uint8Array> {
    try {
      yield head;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head, bytes: bytes() };
}
