import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PIPELINE } from '@facelane/contracts';
import { countRequests, FsObjectStore, type ObjectStore, S3ObjectStore } from '@facelane/object-store';
import { PipelineBelt } from '@facelane/queue';
import { type S3Server, startRedis, startS3Server, type TestRedis } from '@facelane/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConditionalPutProxy,
  startConditionalPutProxy,
} from '../../../object-store/src/testing/conditional-put.proxy.js';
import { Exclusion } from '../exclusion.port.js';
import { FirstWriter } from './first.writer.js';

class Lease extends Exclusion {
  constructor(private readonly belt: PipelineBelt<typeof PIPELINE>) {
    super();
  }

  override async with<T>(name: string, work: () => Promise<T>): Promise<T> {
    return this.belt.lease.with(name, () => work());
  }
}

const WHOLE = 1;
const by = (writer: number): Uint8Array => new Uint8Array([WHOLE, writer]);
const damaged = new Uint8Array([0, 0, 0]);
const { signal } = new AbortController();
const options = { contentType: 'x/y', isWhole: ([first]: Uint8Array) => first === WHOLE, signal };

let redis: TestRedis;
let s3: S3Server;
let proxy: ConditionalPutProxy;
let dir: string;
beforeAll(async () => {
  [redis, s3, dir] = await Promise.all([startRedis(), startS3Server(), mkdtemp(join(tmpdir(), 'facelane-first-'))]);
  proxy = await startConditionalPutProxy(s3.endpoint);
});
afterAll(async () => {
  await proxy.stop();
  await Promise.all([redis.stop(), s3.stop(), rm(dir, { recursive: true, force: true })]);
});

describe.each(['fs', 's3', 's3 with conditions'] as const)('an object that is written once, on %s', (driver) => {
  let stores: ObjectStore[];
  let writers: FirstWriter[];
  let belts: PipelineBelt<typeof PIPELINE>[];
  let key: string;
  let tests = 0;

  beforeAll(async () => {
    const open = (): ObjectStore => {
      if (driver === 'fs') return new FsObjectStore({ root: dir, bucket: 'facelane' });
      return new S3ObjectStore(driver === 's3' ? s3 : { ...s3, endpoint: proxy.endpoint });
    };
    // As in several processes: nobody shares anything but the store and Redis.
    stores = Array.from({ length: 4 }, open);
    belts = await Promise.all(
      stores.map(() => PipelineBelt.open(PIPELINE, 'producer', { url: redis.url, onError: () => undefined })),
    );
    writers = stores.map((store, i) => new FirstWriter(store, new Lease(belts[i]!)));
  });
  afterAll(async () => {
    await Promise.all([...stores, ...belts].map((each) => each.close()));
  });
  beforeEach(() => {
    tests += 1;
    key = `${driver.replaceAll(' ', '-')}/${tests}`;
  });

  const all = async (): Promise<number[]> => {
    const written = await Promise.all(writers.map((writer, i) => writer.put(key, by(i), options)));
    return written.flatMap((isFirst, i) => (isFirst ? [i] : []));
  };
  const stored = async (): Promise<number[]> => [...(await stores[0]!.get(key)).body];

  it('is that of the first of many at once, and stays it', async () => {
    const [first, ...more] = await all();
    expect(more).toEqual([]);
    expect(await stored()).toEqual([WHOLE, first]);
    expect(await all()).toEqual([]);
    expect(await stored()).toEqual([WHOLE, first]);
  });

  it('is replaced once when it is damaged', async () => {
    await stores[0]!.put(key, damaged, options);
    const [first, ...more] = await all();
    expect(more).toEqual([]);
    expect(await stored()).toEqual([WHOLE, first]);
  });

  it('is written again after it was removed', async () => {
    await all();
    await stores[0]!.delete(key);
    const [first, ...more] = await all();
    expect(more).toEqual([]);
    expect(await stored()).toEqual([WHOLE, first]);
  });

  it('costs one request where the store honours conditions, and two elsewhere', async () => {
    const { store, counts } = countRequests(stores[0]!);
    await new FirstWriter(store, new Lease(belts[0]!)).put(key, by(0), options);
    expect(counts()).toEqual(driver === 's3' ? { get: 1, put: 1 } : { put: 1 });
  });
});
