import { expect, it } from 'vitest';
import type { ObjectStore } from '../object-store.port.js';

const TYPE = { contentType: 'application/octet-stream' } as const;
/** More than one part of an upload and many pieces of a download. */
const LONG = 12_000_001;

/** Bytes that tell where they belong. */
function pattern(from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(to - from);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (((from + i) * 2_654_435_761) >>> 16) & 255;
  return bytes;
}

async function* pieces(size: number, piece: number, then?: () => Promise<void>): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < size; from += piece) {
    await Promise.resolve();
    yield pattern(from, Math.min(from + piece, size));
  }
  await then?.();
}

async function read(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

export function describeStreams(store: () => ObjectStore): void {
  describeWriting(store);
  describeReading(store);
  describeTrouble(store);
}

function describeWriting(store: () => ObjectStore): void {
  it.each([
    ['of no bytes', 0, 1],
    ['of one short piece', 5, 5],
    ['of many small pieces', 200_000, 999],
    ['of several parts', LONG, 700_000],
    ['of one piece that is several parts', LONG, LONG],
    ['of exactly two parts', 10 * 1024 * 1024, 1024 * 1024],
  ])('writes a stream %s as put would', async (name, size, piece) => {
    const key = `stream/${name}`;
    const stored = await store().putStream(key, pieces(size, piece), { contentType: 'text/csv' });
    const found = await store().get(key);
    expect(found).toMatchObject({ size, contentType: 'text/csv' });
    expect(stored).toEqual({ outcome: 'stored', etag: found.etag });
    expect(same(found.body, pattern(0, size))).toBe(true);
  });

  it('replaces an object by a stream, whole', async () => {
    await store().put('stream/twice', pattern(0, 1000), TYPE);
    await store().putStream('stream/twice', pieces(10, 3), TYPE);
    expect((await store().get('stream/twice')).size).toBe(10);
  });

  it('refuses to write a stream under a key it would not write', async () => {
    await expect(store().putStream('a//b', pieces(1, 1), TYPE)).rejects.toMatchObject({ code: 'STORE.KEY_INVALID' });
  });
}

function describeReading(store: () => ObjectStore): void {
  it('reads an object piece by piece, from any byte on', async () => {
    await store().putStream('stream/read', pieces(LONG, 1_000_000), { contentType: 'text/csv' });
    const head = await store().head('stream/read');
    for (const start of [0, 1, 256 * 1024, LONG - 1, LONG, LONG + 1]) {
      const { info, body } = await store().open('stream/read', { start });
      expect(info).toEqual(head);
      expect(same(await read(body), pattern(Math.min(start, LONG), LONG)), String(start)).toBe(true);
    }
  });

  it('reads an object of no bytes', async () => {
    await store().put('stream/nothing', new Uint8Array(), TYPE);
    for (const start of [0, 1]) {
      const { info, body } = await store().open('stream/nothing', { start });
      expect([info.size, await read(body)]).toEqual([0, Buffer.alloc(0)]);
    }
  });

  it('says which object is missing or too long before anything is read', async () => {
    await expect(store().open('stream/none')).rejects.toMatchObject({ code: 'STORE.MISSING' });
    await expect(store().open('stream/none', { start: 5 })).rejects.toMatchObject({ code: 'STORE.MISSING' });
    await store().put('stream/limit', pattern(0, 1000), TYPE);
    await expect(store().open('stream/limit', { maxBytes: 999 })).rejects.toMatchObject({ code: 'INGEST.TOO_LARGE' });
    await expect(store().open('stream/limit', { maxBytes: 999, start: 900 })).rejects.toMatchObject({
      code: 'INGEST.TOO_LARGE',
      safeDetails: { bytes: 1000, maxBytes: 999 },
    });
    expect(await read((await store().open('stream/limit', { maxBytes: 1000 })).body)).toHaveLength(1000);
  });

  it('copies an object onto itself', async () => {
    await store().putStream('stream/self', pieces(LONG, 1_000_000), TYPE);
    await store().putStream('stream/self', (await store().open('stream/self')).body, TYPE);
    expect(same((await store().get('stream/self')).body, pattern(0, LONG))).toBe(true);
  });

  it('goes on with the object it opened when that is replaced meanwhile', async () => {
    await store().putStream('stream/replaced', pieces(LONG, 1_000_000), TYPE);
    const { body } = await store().open('stream/replaced');
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) {
      if (chunks.push(chunk) === 1) await store().put('stream/replaced', new Uint8Array(9), TYPE);
    }
    expect(same(Buffer.concat(chunks), pattern(0, LONG))).toBe(true);
  });

  it('may be left early, and is read once', async () => {
    await store().put('stream/left', pattern(0, 1000), TYPE);
    const { body } = await store().open('stream/left');
    for await (const chunk of body) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await expect(read(body)).rejects.toThrow('was read before');
  });
}

function describeTrouble(store: () => ObjectStore): void {
  const reason = new Error('the job was handed back');

  it.each([10, LONG])('writes nothing when the stream fails after %i bytes, and says its failure', async (size) => {
    const failure = Object.assign(new Error('the line is broken'), { code: 'ENOSPC' });
    await store().put('stream/kept', pattern(0, 10), TYPE);
    const body = pieces(size, 1_000_000, () => Promise.reject(failure));
    await expect(store().putStream('stream/kept', body, TYPE)).rejects.toBe(failure);
    expect((await store().get('stream/kept')).size).toBe(10);
  });

  it.each([10, LONG])(
    'writes nothing when it is aborted after %i bytes, also of a stream that stands still',
    async (size) => {
      const controller = new AbortController();
      const still = (): Promise<void> => {
        controller.abort(reason);
        return new Promise(() => undefined);
      };
      const put = store().putStream('stream/still', pieces(size, 1_000_000, still), {
        ...TYPE,
        signal: controller.signal,
      });
      await expect(put).rejects.toBe(reason);
      expect(await store().head('stream/still')).toBeUndefined();
    },
  );

  it('stops with the reason of an aborted signal', async () => {
    await store().putStream('stream/abort', pieces(LONG, 1_000_000), TYPE);
    const aborted = AbortSignal.abort(reason);
    await expect(store().open('stream/abort', { signal: aborted })).rejects.toBe(reason);
    await expect(store().putStream('stream/abort', pieces(1, 1), { ...TYPE, signal: aborted })).rejects.toBe(reason);
    const controller = new AbortController();
    const { body } = await store().open('stream/abort', { signal: controller.signal });
    const seen: number[] = [];
    const reading = (async () => {
      for await (const chunk of body) if (seen.push(chunk.length) === 2) controller.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
    expect(seen).toHaveLength(2);
  });
}
