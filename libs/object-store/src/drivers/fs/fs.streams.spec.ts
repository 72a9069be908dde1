import { mkdtemp, readdir, readlink, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FsObjectStore } from './fs.object-store.js';

const TYPE = { contentType: 'image/jpeg' } as const;

let root: string;
let store: FsObjectStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'facelane-store-'));
  store = new FsObjectStore({ root, bucket: 'facelane' });
});
afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true });
});

async function* fails(): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield Buffer.from('half');
  throw new Error('the source is gone');
}

/** Files below the root that this process has open. */
async function openFiles(): Promise<number> {
  const links = (await readdir('/proc/self/fd')).map((fd) => readlink(join('/proc/self/fd', fd)).catch(() => ''));
  return (await Promise.all(links)).filter((path) => path.startsWith(root)).length;
}

describe('a file store that streams', () => {
  it('leaves no temporary file of a stream that failed', async () => {
    await expect(store.putStream('a', fails(), TYPE)).rejects.toThrow('the source is gone');
    expect(await readdir(join(root, 'facelane', '#tmp'))).toEqual([]);
    expect(await readdir(join(root, 'facelane'))).toEqual(['#tmp']);
  });

  it.skipIf(process.platform !== 'linux')('closes its files, read or not', async () => {
    await store.put('a', new Uint8Array(600_000), TYPE);
    const controller = new AbortController();
    await store.open('a', { signal: controller.signal });
    expect(await openFiles()).toBe(1);
    controller.abort();
    await vi.waitFor(async () => expect(await openFiles()).toBe(0));
    for await (const chunk of (await store.open('a')).body) if (chunk.length > 0) break;
    for await (const chunk of (await store.open('a')).body) expect(chunk.length).toBeGreaterThan(0);
    await expect(store.open('a', { maxBytes: 1 })).rejects.toMatchObject({ code: 'INGEST.TOO_LARGE' });
    await vi.waitFor(async () => expect(await openFiles()).toBe(0));
  });

  it('says STORE.CORRUPT for a file that is cut while it is read, and ends never early', async () => {
    await store.put('a', new Uint8Array(2_000_000), TYPE);
    const read = async (): Promise<void> => {
      const path = join(root, 'facelane', 'a+');
      for await (const chunk of (await store.open('a')).body)
        if (chunk.length < (await stat(path)).size) await truncate(path, chunk.length + 10);
    };
    await expect(read()).rejects.toMatchObject({ code: 'STORE.CORRUPT' });
  });
});
