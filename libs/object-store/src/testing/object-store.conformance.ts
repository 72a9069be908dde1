import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareKeys } from '../object-key.js';
import type { ObjectInfo, ObjectStore, PutOptions, PutResult } from '../object-store.port.js';
import { describeStreams } from './object-store.streams.js';

export interface ConformanceSubject {
  readonly store: ObjectStore;
  dispose(): Promise<void>;
}

export interface ConformanceExpectations {
  readonly conditionalPut: boolean;
  readonly presign: boolean;
}

export interface ConformanceSettings {
  /** False for a server that lists in some other order than S3's, which a paging driver cannot mend. */
  readonly listsInByteOrder: boolean;
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const TYPE = { contentType: 'application/octet-stream' } as const;

async function collect(objects: AsyncIterable<ObjectInfo>): Promise<ObjectInfo[]> {
  const found: ObjectInfo[] = [];
  for await (const object of objects) found.push(object);
  return found;
}

const keysOf = async (objects: AsyncIterable<ObjectInfo>): Promise<string[]> =>
  (await collect(objects)).map(({ key }) => key);

function etagOf(result: PutResult): string {
  if (result.outcome !== 'stored') throw new Error('The put was expected to store.');
  return result.etag;
}

const NO_KEYS = [
  '',
  '/',
  '/a',
  'a/',
  'a//b',
  '.',
  '..',
  '../a',
  'a/../b',
  'a/./b',
  'a\0b',
  'a\nb',
  'a\u0085',
  '\ud800',
];

const ODD_KEYS = [
  'plain.json',
  'with space/and  two.jpg',
  ' leading and trailing ',
  'unicode/Zoë/写真/фото.jpg',
  'unicode/e\u0301 and \u00e9',
  'unicode/\u{1f600}',
  'Case/A',
  'case/a',
  'CASE/a',
  'percent%20/%2F%2e%2e',
  'signs/a+b=c&d?e#f',
  'signs/(1) [2] {3} ~!$*\'",;:@<>|^`\\',
  'dots/...',
  'dots/.hidden',
  'dots/end.',
  'con/nul.txt',
  'a',
  'a/b',
  'a/b/c',
  'a+',
  'a=',
  `long/${'s'.repeat(1000)}`,
  `long/${'s'.repeat(240)}`,
  `long/${'s'.repeat(240)}/below`,
  `long/${'s'.repeat(240)}-`,
  'Ü'.repeat(500),
];

/** What every driver of the port must do. `open` gives a store over an empty bucket. */
export function describeObjectStore(
  name: string,
  open: () => Promise<ConformanceSubject>,
  expected: ConformanceExpectations,
  settings: ConformanceSettings = { listsInByteOrder: true },
): void {
  describe(`${name} as an ObjectStore`, () => {
    let subject: ConformanceSubject;
    const store = (): ObjectStore => subject.store;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(() => subject.dispose());

    describeReadingAndWriting(store);
    describeAbsenceAndLimits(store);
    describeManyAtOnce(store);
    describeKeys(store, settings);
    describeListing(store);
    describeAborting(store);
    describeStreams(store);
    if (expected.conditionalPut) describeConditions(store);
    else describeMissingConditions(store);
    describeUrls(store, expected.presign);

    it('says what it honours', async () => {
      expect(await store().capabilities()).toEqual(expected);
    });
  });
}

function describeReadingAndWriting(store: () => ObjectStore): void {
  it('gives back the bytes, type, size, etag and date of an object', async () => {
    const before = Date.now();
    const etag = etagOf(await store().put('rw/one.json', text('{"a":1}'), { contentType: 'application/json' }));
    const info = { key: 'rw/one.json', etag, size: 7, contentType: 'application/json' };
    const found = await store().get('rw/one.json');
    expect(found).toMatchObject(info);
    expect(new TextDecoder().decode(found.body)).toBe('{"a":1}');
    expect(await store().head('rw/one.json')).toMatchObject(info);
    expect(await collect(store().list('rw/one'))).toMatchObject([{ key: info.key, etag, size: info.size }]);
    // S3 dates are whole seconds.
    expect(found.lastModified.getTime()).toBeGreaterThanOrEqual(before - 2000);
    expect(found.lastModified.getTime()).toBeLessThanOrEqual(Date.now() + 2000);
  });

  it('replaces an object whole, and its etag and type with it', async () => {
    const first = etagOf(await store().put('rw/twice', text('a longer first body'), { contentType: 'text/plain' }));
    const second = etagOf(await store().put('rw/twice', text('short'), { contentType: 'text/html' }));
    expect(second).not.toBe(first);
    const found = await store().get('rw/twice');
    expect(found).toMatchObject({ etag: second, size: 5, contentType: 'text/html' });
    expect(new TextDecoder().decode(found.body)).toBe('short');
  });

  it('keeps an object of no bytes', async () => {
    await store().put('rw/empty', new Uint8Array(), TYPE);
    expect((await store().get('rw/empty')).body).toHaveLength(0);
    expect(await store().head('rw/empty')).toMatchObject({ size: 0 });
  });

  it('keeps 5 MB, aligned for a Float32Array over the body', async () => {
    const floats = Float32Array.from({ length: 1_250_000 }, (_, i) => i / 7);
    await store().put('rw/large', new Uint8Array(floats.buffer), TYPE);
    const { body } = await store().get('rw/large');
    expect(body.byteOffset % 8).toBe(0);
    expect(Buffer.from(floats.buffer).equals(body)).toBe(true);
    expect(new Float32Array(body.buffer, body.byteOffset, body.length / 4)[1_249_999]).toBe(floats[1_249_999]);
  });

  it('takes a view into a larger buffer for what it shows', async () => {
    await store().put('rw/view', text('xxhelloxx').subarray(2, 7), TYPE);
    expect(new TextDecoder().decode((await store().get('rw/view')).body)).toBe('hello');
  });
}

function describeAbsenceAndLimits(store: () => ObjectStore): void {
  it('says STORE.MISSING for an absent key, and head nothing', async () => {
    await expect(store().get('rw/absent')).rejects.toMatchObject({ code: 'STORE.MISSING', retry: 'never' });
    expect(await store().head('rw/absent')).toBeUndefined();
    await expect(store().get('rw/one.json/below')).rejects.toMatchObject({ code: 'STORE.MISSING' });
  });

  it('refuses a body over the limit with its size and the limit, and takes one at the limit', async () => {
    await store().put('rw/limit', new Uint8Array(1000), TYPE);
    await expect(store().get('rw/limit', { maxBytes: 999 })).rejects.toMatchObject({
      code: 'INGEST.TOO_LARGE',
      safeDetails: { bytes: 1000, maxBytes: 999 },
    });
    expect((await store().get('rw/limit', { maxBytes: 1000 })).size).toBe(1000);
  });

  it('deletes, and does not mind an absent key', async () => {
    await store().put('rw/gone', text('x'), TYPE);
    await store().delete('rw/gone');
    await store().delete('rw/gone');
    expect(await store().head('rw/gone')).toBeUndefined();
    expect(await keysOf(store().list('rw/gone'))).toEqual([]);
    await store().put('rw/gone', text('y'), TYPE);
    expect(await store().head('rw/gone')).toMatchObject({ size: 1 });
  });
}

function describeManyAtOnce(store: () => ObjectStore): void {
  it('keeps 200 concurrent puts apart', async () => {
    const names = Array.from({ length: 200 }, (_, i) => `many/${i % 7}/${i}`);
    await Promise.all(names.map((key) => store().put(key, text(key.repeat(50)), TYPE)));
    const bodies = await Promise.all(names.map(async (key) => (await store().get(key)).body));
    expect(bodies.map((body) => new TextDecoder().decode(body))).toEqual(names.map((key) => key.repeat(50)));
  });

  it('shows one whole body or the other while two are written over each other', async () => {
    const bodies = [new Uint8Array(50_000).fill(1), new Uint8Array(70_000).fill(2)] as const;
    await store().put('rw/contended', bodies[0], TYPE);
    const writes = Promise.all(
      Array.from({ length: 20 }, (_, i) => store().put('rw/contended', bodies[(i % 2) as 0 | 1], TYPE)),
    );
    for (let i = 0; i < 20; i++) {
      const { body, size } = await store().get('rw/contended');
      expect(size).toBe(body[0] === 1 ? 50_000 : 70_000);
      expect(body.every((byte) => byte === body[0])).toBe(true);
    }
    await writes;
  });
}

function describeKeys(store: () => ObjectStore, { listsInByteOrder }: ConformanceSettings): void {
  it('keeps odd keys apart and lists them in the order of their bytes', async () => {
    await Promise.all(ODD_KEYS.map((key) => store().put(`odd/${key}`, text(key), TYPE)));
    for (const key of ODD_KEYS) {
      expect(new TextDecoder().decode((await store().get(`odd/${key}`)).body), key).toBe(key);
    }
    const listed = await keysOf(store().list('odd/'));
    if (!listsInByteOrder) listed.sort(compareKeys);
    expect(listed).toEqual(ODD_KEYS.map((key) => `odd/${key}`).sort(compareKeys));
  });

  it('takes a key of 1024 bytes and no more', async () => {
    const key = 'ü'.repeat(512);
    await store().put(key, text('x'), TYPE);
    expect(await keysOf(store().list('ü'))).toEqual([key]);
    await expect(store().put(`${key}x`, text('x'), TYPE)).rejects.toMatchObject({ code: 'STORE.KEY_INVALID' });
    await store().delete(key);
  });

  it.each(NO_KEYS.map((key) => [JSON.stringify(key), key]))('refuses to write the key %s', async (_, key) => {
    await expect(store().put(key, text('x'), TYPE)).rejects.toMatchObject({ code: 'STORE.KEY_INVALID' });
    await expect(store().delete(key)).rejects.toMatchObject({ code: 'STORE.KEY_INVALID' });
  });

  it('refuses to list out of the bucket', async () => {
    await expect(keysOf(store().list('../'))).rejects.toMatchObject({ code: 'STORE.KEY_INVALID' });
    await expect(keysOf(store().list('a/../../'))).rejects.toMatchObject({ code: 'STORE.KEY_INVALID' });
  });
}

function describeListing(store: () => ObjectStore): void {
  describe('with 2 500 objects', () => {
    const keys = Array.from({ length: 2500 }, (_, i) => `pages/${i % 3 === 0 ? `${i % 9}/` : ''}${i}`).sort(
      compareKeys,
    );
    beforeAll(async () => {
      for (let i = 0; i < keys.length; i += 100) {
        await Promise.all(keys.slice(i, i + 100).map((key) => store().put(key, text(key), TYPE)));
      }
    });

    it('lists all of them in key order', async () => {
      const found = await collect(store().list('pages/'));
      expect(found.map(({ key }) => key)).toEqual(keys);
      expect(found.every(({ key, size }) => size === key.length)).toBe(true);
    });

    it('starts after any key, whether it exists or not', async () => {
      for (const startAfter of [keys[0]!, keys[1234]!, keys[2499]!, 'pages/3', 'pages/3/', 'pages/30x', 'a', 'q']) {
        expect(await keysOf(store().list('pages/', { startAfter })), startAfter).toEqual(
          keys.filter((key) => compareKeys(key, startAfter) > 0),
        );
      }
    });

    it.each(['pages/3', 'pages/3/', 'pages/24', 'pages/none', 'page'])('lists by the prefix %s', async (prefix) => {
      expect(await keysOf(store().list(prefix))).toEqual(keys.filter((key) => key.startsWith(prefix)));
    });

    it('may be left early', async () => {
      const seen: string[] = [];
      for await (const { key } of store().list('pages/')) if (seen.push(key) === 3) break;
      expect(seen).toEqual(keys.slice(0, 3));
    });
  });
}

function describeAborting(store: () => ObjectStore): void {
  it('rejects with the reason of an aborted signal and writes nothing', async () => {
    const reason = new Error('the job was handed back');
    const signal = AbortSignal.abort(reason);
    await expect(store().put('abort/one', text('x'), { ...TYPE, signal })).rejects.toBe(reason);
    await expect(store().get('abort/one', { signal })).rejects.toBe(reason);
    await expect(store().head('abort/one', { signal })).rejects.toBe(reason);
    await expect(keysOf(store().list('', { signal }))).rejects.toBe(reason);
    expect(await store().head('abort/one')).toBeUndefined();
  });
}

function describeConditions(store: () => ObjectStore): void {
  const absent = { ...TYPE, condition: { kind: 'absent' } } as const;
  const matches = (etag: string) => ({ ...TYPE, condition: { kind: 'matches', etag } }) as const;

  it('writes `absent` once', async () => {
    expect(await store().put('cond/once', text('first'), absent)).toMatchObject({ outcome: 'stored' });
    expect(await store().put('cond/once', text('second'), absent)).toEqual({ outcome: 'condition-failed' });
    expect(new TextDecoder().decode((await store().get('cond/once')).body)).toBe('first');
    await store().delete('cond/once');
    expect(await store().put('cond/once', text('third'), absent)).toMatchObject({ outcome: 'stored' });
  });

  it('writes `matches` only over the etag it was given', async () => {
    const first = etagOf(await store().put('cond/chain', text('1'), TYPE));
    const second = etagOf(await store().put('cond/chain', text('2'), matches(first)));
    expect(await store().put('cond/chain', text('3'), matches(first))).toEqual({ outcome: 'condition-failed' });
    expect(await store().head('cond/chain')).toMatchObject({ etag: second });
    expect((await store().get('cond/chain')).etag).toBe(second);
    expect((await collect(store().list('cond/chain')))[0]?.etag).toBe(second);
  });

  it('does not write `matches` where nothing is', async () => {
    const etag = etagOf(await store().put('cond/deleted', text('1'), TYPE));
    await store().delete('cond/deleted');
    expect(await store().put('cond/deleted', text('2'), matches(etag))).toEqual({ outcome: 'condition-failed' });
    expect(await store().head('cond/deleted')).toBeUndefined();
  });

  it('lets exactly one of many concurrent writers win', async () => {
    const race = async (options: PutOptions): Promise<number> => {
      const bodies = Array.from({ length: 20 }, (_, i) => text(`${JSON.stringify(options)} by writer ${i}`));
      const results = await Promise.all(bodies.map((body) => store().put('cond/race', body, options)));
      return results.filter(({ outcome }) => outcome === 'stored').length;
    };
    expect(await race(absent)).toBe(1);
    const { etag } = await store().get('cond/race');
    expect(await race(matches(etag))).toBe(1);
  });
}

function describeMissingConditions(store: () => ObjectStore): void {
  it('refuses a condition it would not honour, and overwrites nothing', async () => {
    await store().put('cond/kept', text('kept'), TYPE);
    const put = store().put('cond/kept', text('lost'), { ...TYPE, condition: { kind: 'absent' } });
    await expect(put).rejects.toMatchObject({ code: 'STORE.CONDITION_UNSUPPORTED', retry: 'never' });
    expect(new TextDecoder().decode((await store().get('cond/kept')).body)).toBe('kept');
  });

  it('leaves nothing of its probe behind', async () => {
    await store().capabilities();
    expect(await keysOf(store().list('facelane-probe'))).toEqual([]);
  });
}

function describeUrls(store: () => ObjectStore, presign: boolean): void {
  if (!presign) {
    it('says what to use instead of URLs', async () => {
      await expect(store().presignGet('url/a', { expiresInSeconds: 60 })).rejects.toMatchObject({ name: 'UsageError' });
      await expect(
        store().presignPut('url/a', { contentType: 'image/jpeg', expiresInSeconds: 60 }),
      ).rejects.toMatchObject({ name: 'UsageError' });
    });
    return;
  }
  it('signs URLs that write and read without credentials', async () => {
    const key = 'url/with space & ü.jpg';
    const put = await store().presignPut(key, { contentType: 'image/jpeg', expiresInSeconds: 60 });
    const headers = { 'content-type': 'image/jpeg' };
    expect((await fetch(put, { method: 'PUT', body: 'photo', headers })).status).toBe(200);
    expect(await store().head(key)).toMatchObject({ size: 5, contentType: 'image/jpeg' });
    const get = await fetch(await store().presignGet(key, { expiresInSeconds: 60 }));
    expect(await get.text()).toBe('photo');
    expect(new URL(put).searchParams.get('X-Amz-SignedHeaders')).toContain('content-type');
    expect(new URL(put).searchParams.get('X-Amz-Expires')).toBe('60');
  });
}
