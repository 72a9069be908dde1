import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FsObjectStore, S3ObjectStore, type ObjectStore } from '@facelane/object-store';
import { startS3Server, type S3Server } from '@facelane/testing';
import { openBulkSource } from './open-bulk-source.js';
import type { SourceItem } from './source.item.js';

const BUCKET = 'lists';
const TYPE = { contentType: 'text/plain' } as const;
const SOURCE = { kind: 'manifest', bucket: BUCKET, key: 'list' } as const;

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

const mayRead = (bucket: string): boolean => bucket !== 'private';

/** What came before the source ended or failed. */
async function read(
  store: ObjectStore,
  cursor?: string,
): Promise<{ readonly items: SourceItem[]; readonly failure?: unknown }> {
  const items: SourceItem[] = [];
  try {
    for await (const item of openBulkSource(SOURCE, { store, mayRead }, cursor)) items.push(item);
    return { items };
  } catch (failure) {
    return { items, failure };
  }
}

async function readText(store: ObjectStore, text: string | Uint8Array): Promise<SourceItem[]> {
  await store.forBucket(BUCKET).put(SOURCE.key, Buffer.from(text), TYPE);
  const { items, failure } = await read(store);
  expect(failure).toBeUndefined();
  return items;
}

/** Lines in short: `3 s3://…` or `3 CODE message`. */
const short = (items: readonly SourceItem[]): string[] =>
  items.map((item) =>
    'item' in item ? `${item.line} ${item.item.name}` : `${item.line} ${item.broken.code} ${item.broken.message}`,
  );

describe.each(['fs', 's3'])('a manifest on %s', (kind) => {
  const store = (): ObjectStore => stores[kind]!;

  it('is JSONL: keys of its bucket or another, URLs, strings', async () => {
    const items = await readText(
      store(),
      [
        '{"key":"a.jpg","externalId":"1","tags":["x","y;z"]}',
        '{"bucket":"photos","key":"b/ü.jpg"}',
        '{"url":"https://example.org/c.jpg?token=secret"}',
        '"d e.jpg"',
      ].join('\n'),
    );
    expect(items.map((item) => 'item' in item && [item.line, item.item])).toEqual([
      [
        1,
        {
          source: { kind: 'object', bucket: BUCKET, key: 'a.jpg' },
          name: `s3://${BUCKET}/a.jpg`,
          externalId: '1',
          tags: ['x', 'y;z'],
        },
      ],
      [2, { source: { kind: 'object', bucket: 'photos', key: 'b/ü.jpg' }, name: 's3://photos/b/ü.jpg' }],
      [
        3,
        {
          source: { kind: 'url', url: 'https://example.org/c.jpg?token=secret' },
          name: 'https://example.org/c.jpg',
        },
      ],
      [4, { source: { kind: 'object', bucket: BUCKET, key: 'd e.jpg' }, name: `s3://${BUCKET}/d e.jpg` }],
    ]);
  });

  it('is CSV with a header, whose records have the line they start on', async () => {
    const text = [
      'Key,bucket,externalID,tags',
      'a.jpg,,1,x; y|z',
      '"b ""1"", of\ntwo lines.jpg",photos,,',
      '',
      'c.jpg,,"two\r\nlines",',
    ].join('\r\n');
    const items = await readText(store(), text);
    expect(items.map((item) => 'item' in item && [item.line, item.item])).toMatchObject([
      [2, { source: { bucket: BUCKET, key: 'a.jpg' }, externalId: '1', tags: ['x', 'y', 'z'] }],
      [3, { source: { bucket: 'photos', key: 'b "1", of\ntwo lines.jpg' } }],
      [6, { source: { key: 'c.jpg' }, externalId: 'two\r\nlines' }],
    ]);
  });

  it.each([
    ['a byte order mark, CR LF and no end of the last line', '\ufeff"a.jpg"\r\n\r\n"b.jpg"', [1, 3]],
    ['empty lines before, between and after', '\n \n"a.jpg"\n\n"b.jpg"\n\n', [3, 5]],
    ['a byte order mark before a header', '\ufeffurl,key\n,a.jpg\n,b.jpg\n', [2, 3]],
    ['a quoted header', '\n"key","tags"\na.jpg,\nb.jpg,', [3, 4]],
    ['one column', 'key\na.jpg\nb.jpg', [2, 3]],
  ])('numbers lines as an editor does: %s', async (_, text, lines) => {
    for (const bytes of [Buffer.from(text), gzipSync(text)]) {
      expect(short(await readText(store(), bytes))).toEqual(
        ['a.jpg', 'b.jpg'].map((key, i) => `${lines[i]} s3://${BUCKET}/${key}`),
      );
    }
  });

  it('may have nothing in it', async () => {
    for (const text of ['', '\n\n', '\ufeff', 'key,tags\n']) expect(await readText(store(), text)).toEqual([]);
  });

  it('says of each broken line what is wrong with it, and goes on', async () => {
    const lines = [
      '{"key":"a.jpg"',
      '[1]',
      '7',
      '{"key":"a.jpg","kee":1}',
      '{"key":"a.jpg","url":"https://example.org/a.jpg"}',
      '{"tags":[]}',
      '{"url":"ftp://example.org/a.jpg"}',
      '{"key":"a.jpg","tags":"x"}',
      '""',
      '{"bucket":"private","key":"secret.jpg"}',
      '"good.jpg"',
    ];
    const text = Buffer.concat([Buffer.from([0x22, 0xff, 0x22, 0x0a]), Buffer.from(lines.join('\n'))]);
    const items = await readText(store(), text);
    expect(short(items)).toEqual([
      '1 BULK.LINE_INVALID Line 1 is not UTF-8.',
      '2 BULK.LINE_INVALID Line 2 is no item: it is no JSON.',
      '3 BULK.LINE_INVALID Line 3 is no item: it is no object and no string.',
      '4 BULK.LINE_INVALID Line 4 is no item: it is no object and no string.',
      '5 BULK.LINE_INVALID Line 5 is no item: it has the unknown field kee.',
      '6 BULK.LINE_INVALID Line 6 is no item: it has both key and url.',
      '7 BULK.LINE_INVALID Line 7 is no item: it has neither key nor url.',
      expect.stringContaining('8 BULK.LINE_INVALID Line 8 is no item: url: '),
      expect.stringContaining('9 BULK.LINE_INVALID Line 9 is no item: tags: '),
      expect.stringContaining('10 BULK.LINE_INVALID Line 10 is no item: key: '),
      '11 BULK.SOURCE_NOT_ALLOWED This job may not read s3://private/secret.jpg.',
      `12 s3://${BUCKET}/good.jpg`,
    ]);
    expect(items[1]).toMatchObject({ broken: { text: '{"key":"a.jpg"' } });
  });

  it('says of each broken CSV record what is wrong with it, and goes on', async () => {
    const items = await readText(
      store(),
      'key,tags\na.jpg\n"b"x.jpg,\nc"d.jpg,\n,x\nprivate,\n"e.jpg,\ngood.jpg,\n"f.jpg,',
    );
    expect(short(items)).toEqual([
      '2 BULK.LINE_INVALID Line 2 is no item: it has 1 fields and the header has 2.',
      '3 BULK.LINE_INVALID Line 3 is no item: something follows a closing quote; a quote within quotes is written twice.',
      '4 BULK.LINE_INVALID Line 4 is no item: a quote stands in a field that is not quoted.',
      '5 BULK.LINE_INVALID Line 5 is no item: it has neither key nor url.',
      `6 s3://${BUCKET}/private`,
      '7 BULK.LINE_INVALID Line 7 is no item: a quote is never closed.',
      `8 s3://${BUCKET}/good.jpg`,
      '9 BULK.LINE_INVALID Line 9 has a quote that is never closed.',
    ]);
  });

  it('loses one line to a quote that is never closed', async () => {
    const rest = Array.from({ length: 5000 }, (_, i) => `${i}-and-some-more-characters.jpg`);
    for (const open of [`key\n"open.jpg\n${rest.join('\n')}`, `key\n"open.jpg\n${rest.slice(0, 10).join('\n')}`]) {
      const [first, ...others] = await readText(store(), open);
      expect(first).toMatchObject({ line: 2, broken: { code: 'BULK.LINE_INVALID', text: '"open.jpg' } });
      expect(others.map((item) => item.line)).toEqual(others.map((_, i) => i + 3));
      expect(others.every((item) => 'item' in item)).toBe(true);
    }
  });

  it('takes lines of 64 KiB and no longer ones', async () => {
    const line = (bytes: number): string => `{"key":"a.jpg"${' '.repeat(bytes - 15)}}`;
    const text = [line(65_536), line(65_537), `${line(65_536)}\r`, line(200_000), '"b.jpg"', line(65_537)].join('\n');
    expect(short(await readText(store(), text))).toEqual([
      `1 s3://${BUCKET}/a.jpg`,
      '2 BULK.LINE_TOO_LONG Line 2 is longer than 64 KiB.',
      `3 s3://${BUCKET}/a.jpg`,
      '4 BULK.LINE_TOO_LONG Line 4 is longer than 64 KiB.',
      `5 s3://${BUCKET}/b.jpg`,
      '6 BULK.LINE_TOO_LONG Line 6 is longer than 64 KiB.',
    ]);
    expect(short(await readText(store(), `key,tags\n"${'\nx'.repeat(40_000)}",\n`)).slice(0, 2)).toEqual([
      '2 BULK.LINE_INVALID Line 2 has a quote that is never closed.',
      '3 BULK.LINE_INVALID Line 3 is no item: it has 1 fields and the header has 2.',
    ]);
  });

  it('fails after the good lines when its gzip is cut short or damaged', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `"photos/${(i * 7919) % 20_011}.jpg"`);
    const whole = gzipSync(lines.join('\n'));
    for (const bytes of [
      whole.subarray(0, whole.length / 2),
      whole.subarray(0, -1),
      Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8)]),
      Buffer.concat([whole, Buffer.from('something else')]),
      Buffer.concat([whole, Buffer.alloc(10), Buffer.from('x')]),
      Buffer.concat([whole, whole.subarray(0, 8)]),
    ]) {
      await store().forBucket(BUCKET).put(SOURCE.key, bytes, TYPE);
      const { items, failure } = await read(store());
      expect(failure).toMatchObject({ code: 'BULK.MANIFEST_UNREADABLE', retry: 'never' });
      expect(items.length).toBeGreaterThan(5000);
      expect(items.map((item) => 'item' in item && item.item.name)).toEqual(
        lines.slice(0, items.length).map((line) => `s3://${BUCKET}/${line.slice(1, -1)}`),
      );
    }
    await store()
      .forBucket(BUCKET)
      .put(SOURCE.key, Buffer.concat([whole, Buffer.alloc(5000)]), TYPE);
    expect((await read(store())).items).toHaveLength(20_000);
  });

  it.each([
    ['no gzip behind its first bytes', Buffer.from('\u001f\u008bnothing', 'latin1'), 'no whole gzip file'],
    ['no text', Buffer.from('PK\u0003\u0004\u0000\u0000'), 'bytes of zero'],
    ['UTF-16', Buffer.from('"a.jpg"', 'utf16le'), 'bytes of zero'],
    ['a column nobody knows', Buffer.from('key,size\na.jpg,5'), 'unknown column "size"'],
    ['a column twice', Buffer.from('key,Key\na.jpg,b.jpg'), 'column key twice'],
  ])('fails at once for %s', async (_, bytes, message) => {
    await store().forBucket(BUCKET).put(SOURCE.key, bytes, TYPE);
    const { items, failure } = await read(store());
    expect([items, failure]).toMatchObject([[], { code: 'BULK.MANIFEST_UNREADABLE' }]);
    expect(String(failure)).toContain(message);
  });

  it('fails when it is missing, and when it was replaced since', async () => {
    await store().forBucket(BUCKET).delete(SOURCE.key);
    expect((await read(store())).failure).toMatchObject({ code: 'BULK.MANIFEST_MISSING', retry: 'never' });
    const [first] = await readText(store(), '"a.jpg"\n"b.jpg"');
    await store().forBucket(BUCKET).put(SOURCE.key, Buffer.from('"a.jpg"\n"c.jpg"'), TYPE);
    expect((await read(store(), first?.cursor)).failure).toMatchObject({ code: 'BULK.MANIFEST_CHANGED' });
    expect((await read(store(), 'prefix 1 a')).failure).toMatchObject({ code: 'BULK.CURSOR_INVALID' });
  });
});

describe('going on in a plain manifest', () => {
  it('reads from the byte after the item on, and the start only to tell the format', async () => {
    const bucket = stores['fs']!.forBucket(BUCKET);
    const items = await readText(stores['fs']!, `key\n${'a.jpg\n'.repeat(3)}b.jpg\n`);
    const opened = vi.spyOn(bucket, 'open');
    expect((await read(stores['fs']!, items[2]?.cursor)).items).toEqual(items.slice(3));
    expect(opened.mock.calls.map(([, options]) => options?.start)).toEqual([0, 'key\n'.length + 3 * 'a.jpg\n'.length]);
    opened.mockRestore();
  });
});
