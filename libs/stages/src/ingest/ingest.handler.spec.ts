import { createHash } from 'node:crypto';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keys } from '@facelane/contracts';
import { DEFAULT_IMAGE_LIMITS } from '@facelane/imaging';
import { GuardedFetcher } from '@facelane/outbound';
import { requireModels, samplePhoto } from '@facelane/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openStores, type TestStores } from '../testing/open-stores.js';
import { CONTRACT, context, DIMENSION, face, ingestJob, TENANT, direction } from '../testing/stage.samples.js';
import { IngestHandler } from './ingest.handler.js';
import { SourceReader } from '../source.reader.js';

const photo = new Uint8Array(await samplePhoto(await requireModels(), 1));
const sha256 = createHash('sha256').update(photo).digest('hex');
const OURS = { kind: 'object', key: 'incoming/a.jpg' } as const;
const IMAGE = { contentType: 'image/jpeg' };

describe.each(['fs', 's3'] as const)('ingest over %s', (driver) => {
  let stores: TestStores;
  let root: string;

  beforeEach(async () => {
    stores = await openStores(driver);
    root = join(stores.dir, 'photos');
    await mkdir(root);
    await writeFile(join(root, 'a.jpg'), photo);
    await writeFile(join(stores.dir, 'outside.jpg'), photo);
  });
  afterEach(() => stores.close());

  const handler = (maxBytes = DEFAULT_IMAGE_LIMITS.maxBytes): IngestHandler => {
    const { store, uses, vault, derived, assets } = stores;
    const sources = new SourceReader(store, new GuardedFetcher(), { fileRoots: [root], maxBytes });
    return new IngestHandler(
      sources,
      uses,
      vault,
      derived,
      assets,
      { ...DEFAULT_IMAGE_LIMITS, maxBytes },
      store.bucket,
    );
  };
  const file = (name: string) => ({ kind: 'file', path: join(root, name) }) as const;
  const failure = (source: Parameters<typeof ingestJob>[0], maxBytes?: number): Promise<unknown> =>
    handler(maxBytes)
      .handle(ingestJob(source), context())
      .then(
        () => 'no failure',
        (error: unknown) => (error as { code?: unknown }).code ?? error,
      );

  it('stores a file once per content and says whether it was seen', async () => {
    const first = ingestJob(file('a.jpg'), { externalId: 'x', tags: ['t'] });
    expect(await handler().handle(first, context())).toMatchObject({ seen: false, photo: { sha256, format: 'jpeg' } });
    expect(await handler().handle(ingestJob(file('a.jpg')), context())).toMatchObject({ seen: true });
    expect(new Uint8Array((await stores.store.get(keys.photo(TENANT, sha256))).body)).toEqual(photo);
    expect(await stores.assets.findAsset(first)).toMatchObject({ intent: first.intent, externalId: 'x', tags: ['t'] });
  });

  it('says that an asset was known, so that what was said of its faces is looked for', async () => {
    const job = ingestJob(file('a.jpg'));
    expect(await handler().handle(job, context())).not.toHaveProperty('again');
    expect(await handler().handle(job, context())).toMatchObject({ again: true });
    // The same bytes, but another asset.
    expect(await handler().handle(ingestJob(file('a.jpg')), context())).not.toHaveProperty('again');
  });

  it('marks that the asset works with the photo before it looks for what is there of it', async () => {
    const spies = [vi.spyOn(stores.store, 'put'), vi.spyOn(stores.store, 'head')];
    const firstAsked = (key: string): number =>
      Math.min(
        ...spies.flatMap(({ mock }) =>
          mock.calls.flatMap(([of], i) => (of === key ? mock.invocationCallOrder[i]! : [])),
        ),
      );
    const [copied, ours] = [ingestJob(file('a.jpg')), ingestJob({ ...OURS, bucket: stores.store.bucket })];
    const useOf = ({ collection, assetId }: typeof copied) => keys.use(TENANT, sha256, collection, assetId);
    await stores.store.put(OURS.key, photo, IMAGE);
    await handler().handle(copied, context());
    await handler().handle(ours, context());
    expect(firstAsked(useOf(copied))).toBeLessThan(firstAsked(keys.photo(TENANT, sha256)));
    expect(firstAsked(useOf(ours))).toBeLessThan(firstAsked(keys.embeddings(TENANT, CONTRACT, sha256)));
    const others = [];
    for await (const each of stores.uses.others(TENANT, sha256, copied)) others.push(each);
    expect(others).toEqual([{ collection: ours.collection, assetId: ours.assetId }]);
  });

  it('leaves a photo of our own bucket where it is', async () => {
    await stores.store.put('incoming/a.jpg', photo, IMAGE);
    const source = { kind: 'object', bucket: stores.store.bucket, key: 'incoming/a.jpg' } as const;
    expect(await handler().handle(ingestJob(source), context())).toMatchObject({
      seen: false,
      photoKey: 'incoming/a.jpg',
    });
    expect(await stores.store.head(keys.photo(TENANT, sha256))).toBeUndefined();
    const header = { version: 1, kind: 'embeddings', contract: CONTRACT, sha256, collection: 'c' } as const;
    await stores.derived.writeEmbeddings(
      TENANT,
      { ...header, assetId: ingestJob(source).assetId, faces: [face(0)], droppedFaces: 0, dimension: DIMENSION },
      direction(0),
      context().signal,
    );
    expect(await handler().handle(ingestJob(source), context())).toMatchObject({ seen: true });
  });

  it('names what is missing, forbidden or no photo', async () => {
    await symlink(join(stores.dir, 'outside.jpg'), join(root, 'escape.jpg'));
    await writeFile(join(root, 'empty.jpg'), '');
    await writeFile(join(root, 'text.jpg'), 'this is no photo at all');
    expect(await failure(file('none.jpg'))).toBe('INGEST.SOURCE_MISSING');
    expect(await failure(file('a.jpg/below'))).toBe('INGEST.SOURCE_MISSING');
    expect(await failure(file('zero\0byte'))).toBe('INGEST.SOURCE_MISSING');
    expect(await failure(file('escape.jpg'))).toBe('INGEST.SOURCE_NOT_ALLOWED');
    expect(await failure({ kind: 'file', path: join(stores.dir, 'outside.jpg') })).toBe('INGEST.SOURCE_NOT_ALLOWED');
    expect(await failure({ kind: 'file', path: `${root}/../outside.jpg` })).toBe('INGEST.SOURCE_NOT_ALLOWED');
    expect(await failure(file('a.jpg'), photo.byteLength - 1)).toBe('INGEST.TOO_LARGE');
    expect(await failure(file('empty.jpg'))).toBe('INGEST.EMPTY');
    expect(await failure(file('text.jpg'))).toBe('INGEST.NOT_AN_IMAGE');
    await mkdir(join(root, 'folder'));
    expect(await failure(file('folder'))).toBe('INGEST.NOT_AN_IMAGE');
    const { bucket } = stores.store;
    expect(await failure({ kind: 'object', bucket, key: 'no/such' })).toBe('INGEST.SOURCE_MISSING');
    await stores.store.put('big', photo, IMAGE);
    expect(await failure({ kind: 'object', bucket, key: 'big' }, photo.byteLength - 1)).toBe('INGEST.TOO_LARGE');
    expect(await failure({ kind: 'object', bucket: 'no-such-bucket', key: 'a' })).toBe('INGEST.SOURCE_MISSING');
  });
});

describe('ingest from another bucket', () => {
  it('copies the photo, and does not read devices', async () => {
    const stores = await openStores('fs');
    const other = stores.store.forBucket('others');
    await other.put('their.jpg', photo, IMAGE);
    const { store, uses, vault, derived, assets } = stores;
    const sources = new SourceReader(store, new GuardedFetcher(), { fileRoots: ['/dev'], maxBytes: 1e9 });
    const handler = new IngestHandler(sources, uses, vault, derived, assets, DEFAULT_IMAGE_LIMITS, store.bucket);
    const job = ingestJob({ kind: 'object', bucket: 'others', key: 'their.jpg' });
    expect(await handler.handle(job, context())).not.toHaveProperty('photoKey');
    expect(new Uint8Array((await store.get(keys.photo(TENANT, sha256))).body)).toEqual(photo);
    const device = handler.handle(ingestJob({ kind: 'file', path: '/dev/zero' }), context());
    await expect(device).rejects.toMatchObject({ code: 'INGEST.NOT_AN_IMAGE' });
    await stores.close();
  });
});
