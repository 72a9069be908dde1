import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assetIdOf } from '@facelane/contracts';
import { FsObjectStore, type ObjectStore, S3ObjectStore } from '@facelane/object-store';
import { type S3Server, startS3Server } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PhotoUse, PhotoUses } from './photo-uses.js';

const SHA = 'ab'.repeat(32);
const use = (collection: string, name: string): PhotoUse => ({
  collection,
  assetId: assetIdOf('acme', collection, name),
});

let s3: S3Server;
let dir: string;
beforeAll(async () => {
  [s3, dir] = await Promise.all([startS3Server(), mkdtemp(join(tmpdir(), 'facelane-uses-'))]);
});
afterAll(async () => {
  await s3.stop();
  await rm(dir, { recursive: true, force: true });
});

describe.each(['fs', 's3'] as const)('uses of a photo on %s', (driver) => {
  let store: ObjectStore;
  beforeAll(() => {
    store = driver === 'fs' ? new FsObjectStore({ root: dir, bucket: 'facelane' }) : new S3ObjectStore(s3);
  });
  afterAll(() => store.close());

  const others = async (uses: PhotoUses, than: PhotoUse): Promise<string[]> => {
    const found: string[] = [];
    for await (const { collection, assetId } of uses.others('acme', SHA, than)) found.push(`${collection}/${assetId}`);
    return found.sort();
  };

  it('are those of every collection but the own one, and end when they are removed', async () => {
    const uses = new PhotoUses(store);
    const [mine, theirs, elsewhere] = [use('a', '1'), use('a', '2'), use('b', '1')];
    expect(await others(uses, mine)).toEqual([]);
    for (const each of [mine, theirs, elsewhere, mine]) await uses.add('acme', SHA, each);
    await uses.add('other', SHA, use('a', '3'));
    await uses.add('acme', 'ab'.repeat(31) + 'ff', use('a', '4'));
    expect(await others(uses, mine)).toEqual(
      [theirs, elsewhere].map(({ collection, assetId }) => `${collection}/${assetId}`).sort(),
    );
    for (const each of [theirs, elsewhere, elsewhere]) await uses.remove('acme', SHA, each);
    expect(await others(uses, mine)).toEqual([]);
    expect(await others(uses, theirs)).toEqual([`a/${mine.assetId}`]);
  });
});
