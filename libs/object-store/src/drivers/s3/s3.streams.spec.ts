import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { S3ObjectStore } from './s3.object-store.js';

const TEXT = '0123456789';
const FACTS = { etag: '"e1"', 'last-modified': 'Wed, 12 Oct 2022 17:50:00 GMT', 'content-type': 'text/plain' };

interface Asked {
  readonly method: string;
  readonly query: string;
  readonly range: string | undefined;
  readonly match: string | undefined;
}

let answer: (request: Asked, response: ServerResponse) => void;
let asked: Asked[];
let sockets: Set<unknown>;
let server: Server;
let store: S3ObjectStore;

beforeEach(async () => {
  asked = [];
  const open = (sockets = new Set());
  server = createServer((incoming: IncomingMessage, response) => {
    const { method = '', headers } = incoming;
    const query = new URL(incoming.url ?? '/', 'http://server').search;
    const request = { method, query, range: headers.range, match: headers['if-match'] };
    incoming.resume().on('end', () => {
      asked.push(request);
      answer(request, response);
    });
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  store = storeWith(60_000);
});

afterEach(async () => {
  await store.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function storeWith(callTimeoutMs: number): S3ObjectStore {
  return new S3ObjectStore({
    bucket: 'photos',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
    callTimeoutMs,
  });
}

/** Answers from `start` on, with `sent` bytes of what it announces, and breaks the connection if that is not all. */
function part(response: ServerResponse, start: number, sent: number, facts = FACTS): void {
  const rest = TEXT.slice(start);
  const range = start === 0 ? {} : { 'content-range': `bytes ${start}-9/10` };
  response.writeHead(start === 0 ? 200 : 206, { ...facts, ...range, 'content-length': rest.length });
  response.write(rest.slice(0, sent), () => (sent < rest.length ? response.destroy() : response.end()));
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>why</Message></Error>`);
}

async function read(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('an S3 object that is read piece by piece', () => {
  it('is taken up where the connection broke, if it is the same', async () => {
    answer = ({ range }, response) => (range === undefined ? part(response, 0, 4) : part(response, 4, 6));
    expect(await read((await store.open('a')).body)).toBe(TEXT);
    expect(asked).toMatchObject([
      { range: undefined, match: undefined },
      { range: 'bytes=4-', match: '"e1"' },
    ]);
  });

  it.each([
    ['was replaced', (response: ServerResponse) => refuse(response, 412, 'PreconditionFailed'), 'STORE.CHANGED'],
    ['was deleted', (response: ServerResponse) => refuse(response, 404, 'NoSuchKey'), 'STORE.CHANGED'],
    [
      'was replaced, on a server that ignores conditions,',
      (response: ServerResponse) => part(response, 4, 6, { ...FACTS, etag: '"e2"' }),
      'STORE.CHANGED',
    ],
    [
      'comes whole where a part was asked for',
      (response: ServerResponse) => part(response, 0, 10),
      'STORE.UNAVAILABLE',
    ],
    ['breaks again without a byte', (response: ServerResponse) => part(response, 4, 0), 'STORE.UNAVAILABLE'],
    ['cannot be had any more', (response: ServerResponse) => refuse(response, 503, 'SlowDown'), 'STORE.UNAVAILABLE'],
  ])('fails when it %s', async (_, again, code) => {
    answer = ({ range }, response) => (range === undefined ? part(response, 0, 4) : again(response));
    await expect(read((await store.open('a')).body)).rejects.toMatchObject({ code });
  });

  it('fails when the server stalls', async () => {
    answer = (_, response) => {
      response.writeHead(200, { ...FACTS, 'content-length': 10 }).flushHeaders();
    };
    const impatient = storeWith(100);
    const { body } = await impatient.open('a');
    await expect(read(body)).rejects.toMatchObject({ code: 'STORE.UNAVAILABLE' });
    await impatient.close();
  });

  it('keeps no connection while nobody reads, and goes on when somebody does', async () => {
    answer = (_, response) => void response.writeHead(200, { ...FACTS, 'content-length': 10 }).write('0123');
    const impatient = storeWith(100);
    const { body } = await impatient.open('a');
    await vi.waitFor(() => expect(sockets.size).toBe(1));
    await vi.waitFor(() => expect(sockets.size).toBe(0), { timeout: 10_000 });
    answer = (_, response) => part(response, 0, 10);
    expect(await read(body)).toBe(TEXT);
    await impatient.close();
  });

  it('keeps no connection after an abort', async () => {
    answer = (_, response) => void response.writeHead(200, { ...FACTS, 'content-length': 10 }).write('0123');
    const controller = new AbortController();
    await store.open('a', { signal: controller.signal });
    await vi.waitFor(() => expect(sockets.size).toBe(1));
    controller.abort();
    await vi.waitFor(() => expect(sockets.size).toBe(0));
  });
});

describe('an S3 object that is written piece by piece', () => {
  const PART = 5 * 1024 * 1024;

  /** Answers an upload in parts; `ofPart` may refuse one. */
  function multipart(ofPart: (n: number, response: ServerResponse) => void): void {
    answer = ({ method, query }, response) => {
      const n = Number(new URLSearchParams(query).get('partNumber'));
      if (method === 'DELETE') response.writeHead(204).end();
      else if (query.startsWith('?uploads'))
        response.end('<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>');
      else if (n > 0) ofPart(n, response);
      else response.end('<CompleteMultipartUploadResult><ETag>"e2"</ETag></CompleteMultipartUploadResult>');
    };
  }
  const taken = (_: number, response: ServerResponse): void => void response.writeHead(200, FACTS).end();
  const steps = (): string[] =>
    asked.map(({ method, query }) => `${method} ${new URLSearchParams(query).get('partNumber') ?? ''}`.trim());

  async function* pieces(count: number, then: () => Promise<void>): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < count; i++) {
      pulled++;
      await Promise.resolve();
      yield new Uint8Array(PART);
    }
    await then();
  }
  let pulled = 0;
  beforeEach(() => {
    pulled = 0;
  });

  it('goes part by part and is completed', async () => {
    multipart(taken);
    const put = store.putStream(
      'a',
      pieces(3, () => Promise.resolve()),
      { contentType: 'text/plain' },
    );
    expect(await put).toEqual({ outcome: 'stored', etag: '"e2"' });
    expect(steps()).toEqual(['POST', 'PUT 1', 'PUT 2', 'PUT 3', 'POST']);
  });

  it('is thrown away when a part is refused, and reads no further', async () => {
    multipart((n, response) => (n === 2 ? refuse(response, 507, 'QuotaExceeded') : taken(n, response)));
    const put = store.putStream(
      'a',
      pieces(100, () => Promise.resolve()),
      { contentType: 'text/plain' },
    );
    await expect(put).rejects.toMatchObject({ code: 'STORE.FULL' });
    expect(steps()).toEqual(['POST', 'PUT 1', 'PUT 2', 'DELETE']);
    expect(pulled).toBeLessThan(6);
  });

  it('is thrown away when the body fails', async () => {
    multipart(taken);
    const failure = new Error('the source is gone');
    const put = store.putStream(
      'a',
      pieces(2, () => Promise.reject(failure)),
      { contentType: 'text/plain' },
    );
    await expect(put).rejects.toBe(failure);
    expect(steps().at(-1)).toBe('DELETE');
  });

  it('is thrown away when it is aborted while a part is on its way', async () => {
    const controller = new AbortController();
    const reason = new Error('the job was handed back');
    multipart((n, response) => (n === 2 ? controller.abort(reason) : taken(n, response)));
    const put = store.putStream(
      'a',
      pieces(5, () => Promise.resolve()),
      {
        contentType: 'text/plain',
        signal: controller.signal,
      },
    );
    await expect(put).rejects.toBe(reason);
    expect(steps()).toEqual(['POST', 'PUT 1', 'PUT 2', 'DELETE']);
  });
});
