import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileFailure } from './fs.errors.js';
import { FsObjectStore } from './fs.object-store.js';

const TYPE = { contentType: 'image/jpeg' } as const;
const body = Buffer.from('body');

let root: string;
let bucket: string;
let store: FsObjectStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'facelane-store-'));
  bucket = join(root, 'data', 'facelane');
  store = new FsObjectStore({ root: join(root, 'data'), bucket: 'facelane' });
});
afterEach(async () => {
  await store.close();
  await rm(root, { recursive: true });
});

async function keysOf(listed: AsyncIterable<{ key: string }>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of listed) keys.push(key);
  return keys;
}

describe('files of a file store', () => {
  it('is one file per object, with nothing temporary left', async () => {
    await store.put('a/b.jpg', body, TYPE);
    await store.put('a/b.jpg', body, { ...TYPE, condition: { kind: 'absent' } });
    await store.put('a/c.jpg', body, { ...TYPE, condition: { kind: 'absent' } });
    expect(await readdir(join(bucket, 'a'))).toEqual(['b.jpg+', 'c.jpg+']);
    expect(await readdir(join(bucket, '#tmp'))).toEqual([]);
    expect((await stat(join(bucket, 'a', 'c.jpg+'))).nlink).toBe(1);
  });

  it('removes folders with their last object', async () => {
    await store.put('a/b/c/one', body, TYPE);
    await store.put('a/two', body, TYPE);
    await store.delete('a/b/c/one');
    expect(await readdir(join(bucket, 'a'))).toEqual(['two+']);
  });

  it('puts while others delete the last object of the same folder', async () => {
    for (let i = 0; i < 30; i++) {
      const keys = Array.from({ length: 8 }, (_, j) => `race/${i}/${j}`);
      await Promise.all(keys.map((key) => store.put(key, body, TYPE).then(() => store.delete(key))));
    }
    expect(await keysOf(store.list('race/'))).toEqual([]);
  });

  it('lists no file that is not its own', async () => {
    await store.put('a/b', body, TYPE);
    for (const name of ['.DS_Store', 'Thumbs.db', 'README', 'Upper+', '%7a+', '+'])
      await writeFile(join(bucket, 'a', name), 'x');
    expect(await keysOf(store.list(''))).toEqual(['a/b']);
  });

  it('clears leftovers of another machine only when they are old', async () => {
    const tmp = join(bucket, '#tmp');
    await mkdir(tmp, { recursive: true });
    for (const name of ['0000cafe.1.aa.1', '0000cafe.1.aa.2']) await writeFile(join(tmp, name), 'x');
    await utimes(join(tmp, '0000cafe.1.aa.1'), 0, 0);
    await store.put('a', body, TYPE);
    expect(await readdir(tmp)).toEqual(['0000cafe.1.aa.2']);
  });

  it('does the same with fsync', async () => {
    const synced = new FsObjectStore({ root: join(root, 'synced'), bucket: 'facelane', fsync: true });
    await synced.put('a/b/c', body, TYPE);
    const { etag } = await synced.get('a/b/c');
    await synced.put('a/b/c', Buffer.from('other'), { ...TYPE, condition: { kind: 'matches', etag } });
    await synced.put('a/d', body, { ...TYPE, condition: { kind: 'absent' } });
    expect((await synced.get('a/b/c')).size).toBe(5);
    expect(await keysOf(synced.list(''))).toEqual(['a/b/c', 'a/d']);
    await synced.close();
  });

  it('keeps buckets apart and shares nothing but the root', async () => {
    const other = store.forBucket('photos');
    await store.put('a', body, TYPE);
    expect(await other.head('a')).toBeUndefined();
    expect(other.forBucket('facelane')).toBe(store);
    expect(() => store.forBucket('../facelane')).toThrow('is no bucket name');
    expect(() => store.forBucket('a..b')).toThrow('is no bucket name');
  });
});

describe('a file store that meets trouble', () => {
  it.each([0, 10, -1])(
    'says STORE.CORRUPT for a file cut to %i bytes, until it is written or deleted',
    async (size) => {
      await store.put('a', Buffer.alloc(100), TYPE);
      const path = join(bucket, 'a+');
      await truncate(path, size < 0 ? (await stat(path)).size + size : size);
      await expect(store.get('a')).rejects.toMatchObject({ code: 'STORE.CORRUPT' });
      await expect(store.head('a')).rejects.toMatchObject({ code: 'STORE.CORRUPT' });
      await expect(keysOf(store.list(''))).rejects.toMatchObject({ code: 'STORE.CORRUPT' });
      await store.put('a', body, TYPE);
      expect((await store.get('a')).size).toBe(4);
      await truncate(path, 1);
      await store.delete('a');
      expect(await store.head('a')).toBeUndefined();
    },
  );

  it('follows no symbolic link, to a folder, a file or a bucket', async () => {
    const outside = join(root, 'outside');
    await mkdir(outside);
    await new FsObjectStore({ root: outside, bucket: 'secret' }).put('a', body, TYPE);
    await store.put('x', body, TYPE);
    await symlink(join(outside, 'secret'), join(bucket, 'folder'));
    await symlink(join(outside, 'secret', 'a+'), join(bucket, 'file+'));
    await symlink(join(outside, 'secret'), join(root, 'data', 'linked'));
    const denied = { code: 'STORE.DENIED' };
    await expect(store.get('folder/a')).rejects.toMatchObject(denied);
    await expect(store.put('folder/b', body, TYPE)).rejects.toMatchObject(denied);
    await expect(store.put('folder/new/b', body, TYPE)).rejects.toMatchObject(denied);
    await expect(store.delete('folder/a')).rejects.toMatchObject(denied);
    await expect(keysOf(store.list('folder/'))).rejects.toMatchObject(denied);
    await expect(store.get('file')).rejects.toMatchObject(denied);
    await expect(store.forBucket('linked').get('a')).rejects.toMatchObject(denied);
    expect(await readdir(join(outside, 'secret'))).toEqual(['#tmp', 'a+']);
    // A put takes the link's place and leaves alone what it pointed to.
    await store.put('file', Buffer.from('mine'), TYPE);
    expect((await store.get('file')).size).toBe(4);
  });

  it('works below a root that is itself a link', async () => {
    await mkdir(join(root, 'real'));
    await symlink(join(root, 'real'), join(root, 'link'));
    const linked = new FsObjectStore({ root: join(root, 'link'), bucket: 'facelane' });
    await linked.put('a/b', body, TYPE);
    expect(await keysOf(linked.list(''))).toEqual(['a/b']);
  });

  it.each([
    ['ENOSPC', 'STORE.FULL'],
    ['EDQUOT', 'STORE.FULL'],
    ['EACCES', 'STORE.DENIED'],
    ['EROFS', 'STORE.DENIED'],
    ['ENAMETOOLONG', 'STORE.KEY_INVALID'],
    ['EIO', 'STORE.UNAVAILABLE'],
    ['EMFILE', 'STORE.UNAVAILABLE'],
  ])('calls %s %s', (errno, code) => {
    expect(fileFailure(Object.assign(new Error(errno), { code: errno }), 'writing a')).toMatchObject({ code });
  });

  it('says STORE.DENIED where this user may not write', async () => {
    await mkdir(bucket, { recursive: true });
    await chmod(root, 0o755);
    await chmod(bucket, 0o500);
    const isRoot = process.getuid?.() === 0;
    // Permissions do not hold root back.
    if (isRoot) process.seteuid?.(65534);
    try {
      await expect(store.put('a', body, TYPE)).rejects.toMatchObject({ code: 'STORE.DENIED' });
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(bucket, 0o700);
    }
  });

  // Only root may mount, and not in every container.
  it.skipIf(process.getuid?.() !== 0)(
    'says STORE.FULL on a full disk, leaves nothing, and goes on when there is room',
    async (context) => {
      await mkdir(join(root, 'data'));
      const mount = ['-t', 'tmpfs', '-o', 'size=256k', 'facelane', join(root, 'data')];
      if (!(await succeeds('mount', mount))) return context.skip('this container may not mount');
      try {
        await store.put('kept', Buffer.alloc(1000), TYPE);
        await expect(store.put('big', Buffer.alloc(400_000), TYPE)).rejects.toMatchObject({
          code: 'STORE.FULL',
          retry: 'backoff',
        });
        expect(await readdir(join(bucket, '#tmp'))).toEqual([]);
        expect(await keysOf(store.list(''))).toEqual(['kept']);
        await store.put('big', Buffer.alloc(100_000), TYPE);
      } finally {
        await store.close();
        await promisify(execFile)('umount', [join(root, 'data')]);
      }
    },
  );
});

async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return promisify(execFile)(program, args).then(
    () => true,
    () => false,
  );
}
