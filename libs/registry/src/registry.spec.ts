import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assetIdOf, keys, PIPELINE, personIdOf, type Reference } from '@facelane/contracts';
import { FsObjectStore, type ObjectStore, S3ObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { type S3Server, startRedis, startS3Server, type TestRedis } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ConditionalPutProxy,
  startConditionalPutProxy,
} from '../../object-store/src/testing/conditional-put.proxy.js';
import { AssetsRegistry } from './assets.registry.js';
import { CollectionsRegistry } from './collections.registry.js';
import { DocumentStore } from './document.store.js';
import { Exclusion } from './exclusion.port.js';
import { PeopleRegistry } from './people.registry.js';

class Lease extends Exclusion {
  used = 0;

  constructor(private readonly belt: PipelineBelt<typeof PIPELINE>) {
    super();
  }

  override async with<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.used += 1;
    return this.belt.lease.with(name, () => work());
  }
}

const JSON_TYPE = { contentType: 'application/json' };
const quality = {
  minSide: 1,
  interEye: 1,
  sharpness: 1,
  brightness: 1,
  contrast: 1,
  yaw: 1,
  pitch: 1,
  roll: 1,
  cut: false,
};
const reference = (n: number): Reference => {
  const id = assetIdOf('a', 'b', String(n));
  return { pointId: id, assetId: id, sha256: '0'.repeat(64), faceIndex: 0, contract: 'c', quality };
};

let redis: TestRedis;
let s3: S3Server;
let proxy: ConditionalPutProxy;
let dir: string;
let belt: PipelineBelt<typeof PIPELINE>;

beforeAll(async () => {
  [redis, s3, dir] = await Promise.all([startRedis(), startS3Server(), mkdtemp(join(tmpdir(), 'facelane-registry-'))]);
  proxy = await startConditionalPutProxy(s3.endpoint);
  belt = await PipelineBelt.open(PIPELINE, 'worker', { url: redis.url, onError: () => undefined });
});
afterAll(async () => {
  await belt.close();
  await proxy.stop();
  await Promise.all([s3.stop(), redis.stop()]);
  await rm(dir, { recursive: true, force: true });
});

describe.each(['fs', 's3 with conditions', 's3 without'] as const)('registries on %s', (kind) => {
  let store: ObjectStore;
  let lease: Lease;
  let documents: DocumentStore;
  // Each kind of store its own tenant, since two of them share a bucket.
  const tenant = kind.replaceAll(' ', '-');

  beforeAll(() => {
    store =
      kind === 'fs'
        ? new FsObjectStore({ root: dir, bucket: 'facelane' })
        : new S3ObjectStore(kind === 's3 without' ? s3 : { ...s3, endpoint: proxy.endpoint });
    lease = new Lease(belt);
    documents = new DocumentStore(store, lease);
  });
  afterAll(() => store.close());

  it('lose none of twenty references that are added at once', async () => {
    const people = new PeopleRegistry(documents);
    const person = { tenant, collection: 'main', id: personIdOf(tenant, 'main', 'Ada'), name: 'Ada' };
    await Promise.all(Array.from({ length: 20 }, (_, n) => people.addReference(person, reference(n))));
    expect((await people.find(person))?.references).toHaveLength(20);
    expect(lease.used > 0).toBe(kind === 's3 without');
    const before = await store.head(keys.person(tenant, 'main', person.id));
    await people.addReference({ ...person, name: 'Renamed' }, reference(3));
    expect((await store.head(keys.person(tenant, 'main', person.id)))?.etag).toBe(before?.etag);
  });

  it('list collections without walking through their photos', async () => {
    const collections = new CollectionsRegistry(documents);
    const thresholds = { match: { cosine: 0.5, fmr: 1e-4 }, review: { cosine: 0.4, fmr: 1e-3 } };
    for (const id of ['b', 'b-c', 'b0', 'a']) {
      await collections.ensure({ tenant, id, contract: 'c-1', thresholds });
      await store.put(`${keys.assets(tenant, id)}x.json`, new Uint8Array(2), JSON_TYPE);
    }
    const found: string[] = [];
    for await (const { id } of collections.list(tenant)) found.push(id);
    expect(found.sort()).toEqual(['a', 'b', 'b-c', 'b0']);
  });

  it('know the assets without a result', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => assetIdOf(tenant, 'open', String(n)));
    const put = (key: string): Promise<unknown> => store.put(key, new Uint8Array(2), JSON_TYPE);
    await Promise.all(ids.map((id) => put(keys.asset(tenant, 'open', id))));
    const finished = ids.filter((_, n) => n % 3 !== 0);
    await Promise.all(finished.map((id) => put(keys.result(tenant, 'open', id))));
    // A result whose asset document is gone is nobody's business here.
    await put(keys.result(tenant, 'open', assetIdOf(tenant, 'open', 'lost')));
    const open: string[] = [];
    for await (const id of new AssetsRegistry(documents).unfinished(tenant, 'open')) open.push(id);
    expect(open).toEqual(ids.filter((_, n) => n % 3 === 0).sort());
  });

  it('name a document that is not what it should be', async () => {
    const id = assetIdOf(tenant, 'main', 'damaged');
    await store.put(keys.result(tenant, 'main', id), new TextEncoder().encode('{"version":'), JSON_TYPE);
    const damaged = new AssetsRegistry(documents).findResult({ tenant, collection: 'main', assetId: id });
    await expect(damaged).rejects.toMatchObject({ code: 'STORE.CORRUPT' });
  });
});
