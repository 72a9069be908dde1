import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countRequests } from './count-requests.js';
import { FsObjectStore } from './drivers/fs/fs.object-store.js';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'facelane-store-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('countRequests', () => {
  it('counts by kind, over all buckets, also what fails', async () => {
    const { store, counts } = countRequests(new FsObjectStore({ root, bucket: 'facelane' }));
    const other = store.forBucket('photos');
    await store.put('a', Buffer.from('x'), { contentType: 'text/plain' });
    await other.put('a', Buffer.from('x'), { contentType: 'text/plain' });
    await store.get('a');
    await expect(store.get('b')).rejects.toMatchObject({ code: 'STORE.MISSING' });
    await store.head('a');
    await other.open('a');
    await store.putStream('b/c', (await store.open('a')).body, { contentType: 'text/plain' });
    for await (const { key } of store.list('')) await store.delete(key);
    expect(counts()).toEqual({ put: 2, get: 2, head: 1, open: 2, putStream: 1, list: 1, delete: 2 });
    await store.close();
  });
});
