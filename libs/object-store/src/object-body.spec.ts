import { describe, expect, it, vi } from 'vitest';
import { ObjectBody, type ByteSource } from './object-body.js';

const KEY = 'photos/list.jsonl';

/** A source over `text`, which fails or ends where it is told to. */
class FakeSource implements ByteSource {
  closed = false;

  constructor(
    private rest: string,
    private readonly then: 'end' | 'break' = 'end',
  ) {}

  read(): Promise<Uint8Array | undefined> {
    if (this.closed) return Promise.reject(new Error('It was closed.'));
    const next = this.rest.slice(0, 2);
    this.rest = this.rest.slice(2);
    if (next !== '') return Promise.resolve(Buffer.from(next));
    return this.then === 'end' ? Promise.resolve(undefined) : Promise.reject(new Error('The line broke.'));
  }

  close(): void {
    this.closed = true;
  }
}

interface Setting {
  readonly first: FakeSource;
  readonly size?: number;
  readonly idleMs?: number;
  readonly signal?: AbortSignal;
  readonly later?: (offset: number) => FakeSource;
}

function bodyOf({ first, size = 10, idleMs = 60_000, signal, later }: Setting): {
  body: ObjectBody;
  offsets: number[];
} {
  const offsets: number[] = [];
  const reopen = (offset: number): Promise<ByteSource> => {
    offsets.push(offset);
    return later === undefined ? Promise.reject(new Error('It is gone.')) : Promise.resolve(later(offset));
  };
  return { body: new ObjectBody(first, { key: KEY, size, start: 0, signal, idleMs, reopen }), offsets };
}

async function read(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

const TEXT = '0123456789';

describe('a body', () => {
  it('goes on where its source broke, as often as it takes', async () => {
    const sources: FakeSource[] = [];
    const later = (offset: number): FakeSource => {
      const source = new FakeSource(TEXT.slice(offset, offset + 4), offset >= 6 ? 'end' : 'break');
      sources.push(source);
      return source;
    };
    const first = new FakeSource('0123', 'break');
    const { body, offsets } = bodyOf({ first, later });
    expect(await read(body)).toBe(TEXT);
    expect(offsets).toEqual([4, 8]);
    expect([first, ...sources].every(({ closed }) => closed)).toBe(true);
  });

  it('goes on where its source ended early', async () => {
    const { body } = bodyOf({ first: new FakeSource('0123'), later: (offset) => new FakeSource(TEXT.slice(offset)) });
    expect(await read(body)).toBe(TEXT);
  });

  it('fails when a source brings nothing, and when it brings too much', async () => {
    await expect(read(bodyOf({ first: new FakeSource('', 'break') }).body)).rejects.toThrow('The line broke.');
    const empty = bodyOf({ first: new FakeSource('0123'), later: () => new FakeSource('') });
    await expect(read(empty.body)).rejects.toMatchObject({ code: 'STORE.UNAVAILABLE' });
    const long = bodyOf({ first: new FakeSource('0123456789ab'), later: () => new FakeSource('ab') });
    await expect(read(long.body)).rejects.toMatchObject({ code: 'STORE.UNAVAILABLE' });
  });

  it('frees its source when nobody reads, and goes on when somebody does', async () => {
    const first = new FakeSource(TEXT);
    const { body, offsets } = bodyOf({ first, idleMs: 5, later: (offset) => new FakeSource(TEXT.slice(offset)) });
    const pieces = body[Symbol.asyncIterator]();
    await vi.waitFor(() => expect(first.closed).toBe(true));
    expect(String((await pieces.next()).value)).toBe('01');
    expect(offsets).toEqual([0]);
    await pieces.return(undefined);
  });

  it('frees its source on an abort, read or not, and on leaving the loop', async () => {
    const controller = new AbortController();
    const reason = new Error('the job was handed back');
    const unread = new FakeSource(TEXT);
    const { body } = bodyOf({ first: unread, signal: controller.signal });
    controller.abort(reason);
    expect(unread.closed).toBe(true);
    await expect(read(body)).rejects.toBe(reason);
    const late = new FakeSource(TEXT);
    bodyOf({ first: late, signal: controller.signal });
    expect(late.closed).toBe(true);
    const left = new FakeSource(TEXT);
    for await (const chunk of bodyOf({ first: left }).body) if (chunk.length > 0) break;
    expect(left.closed).toBe(true);
  });
});
