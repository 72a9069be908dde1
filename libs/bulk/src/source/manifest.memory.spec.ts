import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createGzip } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FsObjectStore } from '@facelane/object-store';
import { openBulkSource } from './open-bulk-source.js';

const MB = 1024 * 1024;
const LINE = 200 * MB;
const SOURCE = { kind: 'manifest', bucket: 'lists', key: 'list' } as const;
const TYPE = { contentType: 'text/plain' } as const;

let root: string;
let store: FsObjectStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'facelane-bulk-'));
  store = new FsObjectStore({ root, bucket: 'facelane' });
});
afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true });
});

/** Two good lines around one of 200 MB. */
function* text(start: string): Generator<Buffer> {
  yield Buffer.from(`${start}"a.jpg"\n"`);
  const piece = Buffer.alloc(MB, 'x');
  for (let written = 0; written < LINE; written += MB) yield piece;
  yield Buffer.from('"\n"b.jpg"\n');
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes that somebody holds; when garbage is collected is not for us to say. */
const inUse = (): number => {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

describe('a line of 200 MB', () => {
  it.each([
    ['plain JSONL', '', 1, false],
    ['JSONL in gzip', '', 1, true],
    ['plain CSV', 'key\n', 2, false],
  ])('of %s is one broken line, and memory stays as it was', async (_, start, first, gzip) => {
    const written = Readable.from(text(start));
    const body = gzip ? written.pipe(createGzip({ level: 1 })) : written;
    const before = inUse();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, inUse() - before)), 250);
    const lines: string[] = [];
    try {
      await store.forBucket(SOURCE.bucket).putStream(SOURCE.key, body as AsyncIterable<Uint8Array>, TYPE);
      for await (const item of openBulkSource(SOURCE, { store, mayRead: () => true })) {
        lines.push(`${item.line} ${'item' in item ? item.item.name : item.broken.code}`);
      }
    } finally {
      clearInterval(watch);
    }
    expect(lines).toEqual([
      `${first} s3://lists/a.jpg`,
      `${first + 1} BULK.LINE_TOO_LONG`,
      `${first + 2} s3://lists/b.jpg`,
    ]);
    // Pieces on their way from one stream to the next; the line itself is never held.
    expect(most).toBeLessThan(LINE / 4);
  });
});
