import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toStageError, type ErrorCode } from '@facelane/contracts';
import {
  countRequests,
  FsObjectStore,
  S3ObjectStore,
  type ObjectStore,
  type OpenOptions,
} from '@facelane/object-store';
import { startS3Server, type S3Server } from '@facelane/testing';
import { openBulkSource } from './open-bulk-source.js';
import type { SourceItem } from './source.item.js';

const SOURCE = { kind: 'manifest', bucket: 'lists', key: 'list' } as const;
const TYPE = { contentType: 'text/plain' } as const;

interface Line {
  readonly key: string;
  readonly bucket?: string;
  readonly externalId?: string;
  readonly tags?: readonly string[];
}

const words = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const cell = words.filter((word) => word.trim() !== '' && word.isWellFormed() && !word.includes('\0'));
const tag = cell.map((word) => word.replaceAll(/[;|]/g, '').trim()).filter((word) => word !== '' && word.length <= 64);
const line: fc.Arbitrary<Line> = fc.record(
  {
    key: fc.oneof(
      cell,
      cell.map((word) => `${word}\n"${word}",\r\n`),
    ),
    bucket: fc.constantFrom('photos', 'other-photos'),
    externalId: cell.filter((word) => word.length <= 256),
    tags: fc.array(tag, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['key'] },
);

interface Written {
  readonly lines: readonly Line[];
  readonly format: 'jsonl' | 'csv';
  readonly lineEnd: '\n' | '\r\n';
  readonly bom: boolean;
  /** Empty lines before each line. */
  readonly gaps: readonly number[];
  readonly lastEnd: boolean;
  /** Where gzip members begin, in parts of the text; undefined: plain. */
  readonly members: readonly number[] | undefined;
  /** Bytes of the pieces in which the manifest comes. */
  readonly pieces: readonly number[];
  readonly resumeAt: number;
}

const written: fc.Arbitrary<Written> = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 20 }),
  format: fc.constantFrom('jsonl', 'csv'),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  bom: fc.boolean(),
  gaps: fc.array(fc.nat(2), { minLength: 20, maxLength: 20 }),
  lastEnd: fc.boolean(),
  members: fc.option(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 }), { nil: undefined }),
  pieces: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 10 }),
  resumeAt: fc.nat(),
});

const quoted = (value: string): string => `"${value.replaceAll('"', '""')}"`;

function lineText({ key, bucket, externalId, tags }: Line, format: 'jsonl' | 'csv'): string {
  if (format === 'jsonl') return JSON.stringify({ key, bucket, externalId, tags });
  return [key, bucket ?? '', externalId ?? '', (tags ?? []).join(';')].map(quoted).join(',');
}

/** The text, and the number of each line in it. */
function textOf({ lines, format, lineEnd, bom, gaps, lastEnd }: Written): { text: string; numbers: number[] } {
  const parts = format === 'csv' ? ['key,bucket,externalId,tags'] : [];
  let text = '';
  const numbers: number[] = [];
  [...parts, ...lines.map((one) => lineText(one, format))].forEach((part, i) => {
    text += lineEnd.repeat(gaps[i] ?? 0);
    if (i >= parts.length) numbers.push(text.split('\n').length);
    text += part + lineEnd;
  });
  if (!lastEnd) text = text.slice(0, -lineEnd.length);
  return { text: (bom ? '\ufeff' : '') + text, numbers };
}

function bytesOf(text: string, members: readonly number[] | undefined): Buffer {
  const bytes = Buffer.from(text);
  if (members === undefined) return bytes;
  const cuts = [0, ...members.map((part) => Math.floor(part * bytes.length)).sort((a, b) => a - b), bytes.length];
  return Buffer.concat(cuts.slice(1).map((cut, i) => gzipSync(bytes.subarray(cuts[i], cut))));
}

/** The store, with bodies that come in other pieces. */
function inPieces(store: ObjectStore, pieces: readonly number[]): ObjectStore {
  const recut = async function* (body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let turn = 0;
    for await (const chunk of body) {
      for (let at = 0; at < chunk.length;) {
        const size = pieces[turn++ % pieces.length] ?? 1;
        yield chunk.subarray(at, at + size);
        at += size;
      }
    }
  };
  const { store: copy } = countRequests(store);
  const open = copy.open.bind(copy);
  copy.open = async (key: string, options?: OpenOptions) => {
    const { info, body } = await open(key, options);
    return { info, body: recut(body) };
  };
  copy.forBucket = (bucket) => inPieces(store.forBucket(bucket), pieces);
  return copy;
}

async function read(store: ObjectStore, cursor?: string): Promise<SourceItem[]> {
  const { items, failure } = await readUntilFailure(store, cursor);
  expect(failure).toBeUndefined();
  return items;
}

/** What came, and the code of the failure that it ended with. */
async function readUntilFailure(
  store: ObjectStore,
  cursor?: string,
): Promise<{ readonly items: SourceItem[]; readonly failure?: ErrorCode }> {
  const items: SourceItem[] = [];
  try {
    for await (const item of openBulkSource(SOURCE, { store, mayRead: () => true }, cursor)) items.push(item);
    return { items };
  } catch (error) {
    return { items, failure: toStageError(error).code };
  }
}

let root: string;
let server: S3Server;
const stores: Record<string, ObjectStore> = {};
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'facelane-bulk-'));
  server = await startS3Server();
  server.createBucket(SOURCE.bucket);
  stores['fs'] = new FsObjectStore({ root, bucket: 'facelane' });
  stores['s3'] = new S3ObjectStore(server);
});
afterAll(async () => {
  for (const store of Object.values(stores)) await store.close();
  await server.stop();
  await rm(root, { recursive: true });
});

describe.each([
  ['fs', 300],
  ['s3', 100],
])('any manifest on %s', (kind, numRuns) => {
  it('gives what was written, with its line numbers, whole or from any item on', async () => {
    await fc.assert(
      fc.asyncProperty(written, async (manifest) => {
        const { text, numbers } = textOf(manifest);
        const store = inPieces(stores[kind]!, manifest.pieces);
        await store.forBucket(SOURCE.bucket).put(SOURCE.key, bytesOf(text, manifest.members), TYPE);
        const items = await read(store);
        expect(items.map((item) => item.line)).toEqual(numbers);
        expect(items.map((item) => 'item' in item && item.item)).toEqual(
          manifest.lines.map(({ key, bucket = SOURCE.bucket, externalId, tags }) => ({
            source: { kind: 'object', bucket, key },
            name: `s3://${bucket}/${key}`,
            ...(externalId !== undefined && { externalId }),
            ...(tags !== undefined && { tags }),
          })),
        );
        const at = manifest.resumeAt % items.length;
        expect(await read(store, items[at]?.cursor)).toEqual(items.slice(at + 1));
      }),
      { numRuns },
    );
  });

  it('gives the same of any bytes, however they come, whole or from any line on', async () => {
    const soup = fc.array(
      fc.constantFrom('"', '\n', '\r\n', ',', '{"key":"a"}', 'key', 'ü', '\xff', ' ', 'x'.repeat(30_000), '"a"'),
      { maxLength: 40 },
    );
    const pieces = fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(soup, fc.boolean(), pieces, fc.nat(), async (parts, csv, sizes, resumeAt) => {
        const bytes = Buffer.concat([csv ? 'key,tags\n' : '', ...parts].map((part) => Buffer.from(part, 'latin1')));
        const store = stores[kind]!;
        await store.forBucket(SOURCE.bucket).put(SOURCE.key, bytes, TYPE);
        const whole = await readUntilFailure(store);
        expect(['BULK.MANIFEST_UNREADABLE', undefined]).toContain(whole.failure);
        expect(await readUntilFailure(inPieces(store, sizes))).toEqual(whole);
        const { items } = whole;
        if (items.length === 0) return;
        const at = resumeAt % items.length;
        expect(await read(inPieces(store, sizes), items[at]?.cursor)).toEqual(items.slice(at + 1));
      }),
      { numRuns },
    );
  });
});
