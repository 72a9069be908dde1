import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FsObjectStore, S3ObjectStore, type ObjectStore } from '@facelane/object-store';
import { startS3Server, type S3Server } from '@facelane/testing';
import { openBulkSource } from './open-bulk-source.js';
import type { SourceItem, SourceStores } from './source.item.js';

const BUCKET = 'photos';
const TYPE = { contentType: 'image/jpeg' } as const;

let root: string;
let server: S3Server;
const stores: Record<string, ObjectStore> = {};
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'facelane-bulk-'));
  server = await startS3Server();
  server.createBucket(BUCKET);
  stores['fs'] = new FsObjectStore({ root, bucket: 'facelane' });
  stores['s3'] = new S3ObjectStore(server);
});
afterAll(async () => {
  for (const store of Object.values(stores)) await store.close();
  await server.stop();
  await rm(root, { recursive: true });
});

describe.each(['fs', 's3'])('a prefix on %s', (kind) => {
  const photos = (): ObjectStore => stores[kind]!.forBucket(BUCKET);
  const put = (...keys: string[]): Promise<unknown> =>
    Promise.all(keys.map((key) => photos().put(key, Buffer.from(key), TYPE)));

  function open(prefix: string, cursor?: string, more: { since?: string } & Partial<SourceStores> = {}) {
    const { since, ...rest } = more;
    const source = { kind: 'prefix', bucket: BUCKET, prefix, ...(since !== undefined && { since }) } as const;
    return openBulkSource(source, { store: stores[kind]!, mayRead: () => true, ...rest }, cursor);
  }
  async function read(items: AsyncIterable<SourceItem>): Promise<SourceItem[]> {
    const found: SourceItem[] = [];
    for await (const item of items) found.push(item);
    return found;
  }
  const short = (items: readonly SourceItem[]): string[] =>
    items.map((item) => `${item.line} ${'item' in item ? item.item.name : item.broken.code}`);

  it('names photos by their extension, in either case, and numbers them', async () => {
    await put('names/a.jpg', 'names/b.JPEG', 'names/c.png', 'names/d.webp', 'names/e.avif', 'names/f.tif');
    await put(
      'names/g.TIFF',
      'names/h.gif',
      'names/i.txt',
      'names/jpg',
      'names/k.jpg.json',
      'names/.jpg',
      'other/a.jpg',
    );
    expect(short(await read(open('names/')))).toEqual(
      ['a.jpg', 'b.JPEG', 'c.png', 'd.webp', 'e.avif', 'f.tif', 'g.TIFF', 'h.gif'].map(
        (name, i) => `${i + 1} s3://${BUCKET}/names/${name}`,
      ),
    );
    expect(await read(open('nothing/'))).toEqual([]);
  });

  it('goes on after any item', async () => {
    await put(...Array.from({ length: 25 }, (_, i) => `many/${String(i).padStart(3, '0')}.jpg`), 'many/010.txt');
    const all = await read(open('many/'));
    expect(all).toHaveLength(25);
    for (const [i, item] of all.entries()) expect(await read(open('many/', item.cursor))).toEqual(all.slice(i + 1));
    await expect(read(open('many/', 'manifest 1 2 "e"'))).rejects.toMatchObject({ code: 'BULK.CURSOR_INVALID' });
  });

  it('does not mind objects that appear or go while it is listed', async () => {
    await put('moving/b.jpg', 'moving/c.jpg', 'moving/d.jpg');
    const seen: SourceItem[] = [];
    for await (const item of open('moving/')) {
      if (seen.push(item) !== 1) continue;
      await put('moving/a.jpg', 'moving/z.jpg');
      await photos().delete('moving/c.jpg');
    }
    const names = seen.map((item) => ('item' in item ? item.item.name : ''));
    expect(names).toEqual(expect.arrayContaining([`s3://${BUCKET}/moving/b.jpg`, `s3://${BUCKET}/moving/d.jpg`]));
    expect(seen.map((item) => item.line)).toEqual(seen.map((_, i) => i + 1));
    await photos().delete('moving/b.jpg');
    expect(short(await read(open('moving/', seen[0]?.cursor)))).toEqual([
      `2 s3://${BUCKET}/moving/d.jpg`,
      `3 s3://${BUCKET}/moving/z.jpg`,
    ]);
  });

  it('takes what was written after a time', async () => {
    await put('since/old.jpg');
    const writtenAt = async (key: string): Promise<Date> => {
      for await (const { lastModified } of photos().list(key)) return lastModified;
      throw new Error(`There is no ${key}.`);
    };
    const old = await writtenAt('since/old.jpg');
    // Some stores tell whole seconds.
    do await put('since/new.jpg');
    while ((await writtenAt('since/new.jpg')) <= old);
    const since = old.toISOString();
    expect(short(await read(open('since/', undefined, { since })))).toEqual([`1 s3://${BUCKET}/since/new.jpg`]);
    expect(await read(open('since/', undefined, { since: new Date(Date.now() + 3_600_000).toISOString() }))).toEqual(
      [],
    );
  });

  it('says what may not be read, and stops when it is told to', async () => {
    await put('allowed/a.jpg', 'allowed/b.jpg', 'allowed/c.jpg');
    const mayRead = (_: string, key: string): boolean => !key.endsWith('b.jpg');
    expect(short(await read(open('allowed/', undefined, { mayRead })))).toEqual([
      `1 s3://${BUCKET}/allowed/a.jpg`,
      '2 BULK.SOURCE_NOT_ALLOWED',
      `3 s3://${BUCKET}/allowed/c.jpg`,
    ]);
    const reason = new Error('the lease is lost');
    await expect(read(open('allowed/', undefined, { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
  });
});
