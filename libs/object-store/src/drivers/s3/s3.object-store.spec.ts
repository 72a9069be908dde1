import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '@facelane/contracts';
import type { S3ObjectStoreOptions } from './s3.connection.js';
import { S3ObjectStore } from './s3.object-store.js';

interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that answers as Amazon would, so far as one test needs it. */
let answer: (request: Request, response: ServerResponse) => void;
let requests: Request[];
let server: Server;
let stores: S3ObjectStore[];

beforeEach(async () => {
  requests = [];
  stores = [];
  server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://server');
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', headers } = incoming;
      const request = {
        method,
        path: url.pathname,
        query: url.searchParams,
        headers,
        body: Buffer.concat(chunks).toString(),
      };
      requests.push(request);
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await Promise.all(stores.map((store) => store.close()));
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function open(options: Partial<S3ObjectStoreOptions> = {}): S3ObjectStore {
  const store = new S3ObjectStore({
    bucket: 'photos',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
    ...options,
  });
  stores.push(store);
  return store;
}

function fail(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>why</Message></Error>`);
}

const FACTS = { etag: '"e1"', 'last-modified': 'Wed, 12 Oct 2022 17:50:00 GMT', 'content-type': 'text/plain' };

function ok(response: ServerResponse, body = '', headers: Record<string, string> = {}): void {
  response.writeHead(200, { ...FACTS, 'content-length': String(Buffer.byteLength(body)), ...headers });
  response.end(body);
}

const body = Buffer.from('{"a":1}');
const JSON_TYPE = { contentType: 'application/json' } as const;
const ABSENT = { ...JSON_TYPE, condition: { kind: 'absent' } } as const;
const MATCHES = { ...JSON_TYPE, condition: { kind: 'matches', etag: '"e1"' } } as const;

describe('requests of the S3 driver', () => {
  it('are path-style, signed, and carry the body as it is', async () => {
    answer = (_, response) => ok(response);
    expect(await open().put('a b/ü.json', body, JSON_TYPE)).toEqual({ outcome: 'stored', etag: '"e1"' });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'PUT', path: '/photos/a%20b/%C3%BC.json', body: '{"a":1}' });
    expect(requests[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'content-length': '7' });
    expect(requests[0]?.headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIATEST\/\d{8}\/us-east-1\/s3\//);
    // The framing that some compatible servers store as part of the object.
    expect(requests[0]?.headers['content-encoding']).toBeUndefined();
    expect(requests[0]?.headers['if-none-match']).toBeUndefined();
  });

  it('may read keys that it would not write, of buckets others filled', async () => {
    answer = (_, response) => ok(response, 'x');
    const store = open().forBucket('theirs');
    expect((await store.get('folder//photo.jpg')).size).toBe(1);
    expect(requests[0]?.path).toBe('/theirs/folder//photo.jpg');
    await expect(store.get('folder/../../photos/x')).rejects.toMatchObject({ code: 'STORE.KEY_INVALID' });
    expect(requests).toHaveLength(1);
  });

  it('follow the pages of a listing, with startAfter on the first only', async () => {
    answer = ({ query }, response) => {
      const [key, next] = query.get('continuation-token') === null ? ['p/1', 'token 2'] : ['p/2', undefined];
      const more = next === undefined ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`;
      const object = `<Key>${key}</Key><Size>3</Size><ETag>"e"</ETag><LastModified>2022-10-12T17:50:00Z</LastModified>`;
      ok(
        response,
        `<ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>${more}<Contents>${object}</Contents></ListBucketResult>`,
        { 'content-type': 'application/xml' },
      );
    };
    const keys: string[] = [];
    for await (const { key } of open().list('p/', { startAfter: 'p/0' })) keys.push(key);
    expect(keys).toEqual(['p/1', 'p/2']);
    expect(
      requests.map(({ query }) => [query.get('prefix'), query.get('start-after'), query.get('continuation-token')]),
    ).toEqual([
      ['p/', 'p/0', null],
      ['p/', null, 'token 2'],
    ]);
  });
});

describe('failures of the S3 driver', () => {
  it.each<[number, string, ErrorCode, string]>([
    [404, 'NoSuchKey', 'STORE.MISSING', 'never'],
    [404, 'NoSuchBucket', 'STORE.BUCKET_MISSING', 'never'],
    [403, 'AccessDenied', 'STORE.DENIED', 'never'],
    [403, 'SignatureDoesNotMatch', 'STORE.DENIED', 'never'],
    [403, 'InvalidAccessKeyId', 'STORE.DENIED', 'never'],
    [301, 'PermanentRedirect', 'STORE.DENIED', 'never'],
    [400, 'InvalidArgument', 'STORE.REJECTED', 'never'],
    [501, 'NotImplemented', 'STORE.REJECTED', 'never'],
    [429, 'TooManyRequests', 'STORE.UNAVAILABLE', 'backoff'],
    [500, 'InternalError', 'STORE.UNAVAILABLE', 'backoff'],
    [503, 'SlowDown', 'STORE.UNAVAILABLE', 'backoff'],
    [507, 'XMinioStorageFull', 'STORE.FULL', 'backoff'],
  ])('calls HTTP %i %s %s', async (status, name, code, retry) => {
    answer = (_, response) => fail(response, status, name);
    const failure = expect(open().get('a')).rejects;
    await failure.toMatchObject({ code, retry, safeDetails: { status, reason: name } });
    await expect(open().put('a', body, JSON_TYPE)).rejects.toThrow(`writing s3://photos/a: HTTP ${status} ${name}`);
  });

  it('of a HEAD: absent is undefined, forbidden is not', async () => {
    answer = (_, response) => void response.writeHead(404).end();
    expect(await open().head('a')).toBeUndefined();
    answer = (_, response) => void response.writeHead(403).end();
    await expect(open().head('a')).rejects.toMatchObject({ code: 'STORE.DENIED' });
  });

  it('of one attempt are tried again', async () => {
    answer = (_, response) => (requests.length === 1 ? fail(response, 503, 'SlowDown') : ok(response, 'late'));
    expect((await open({ maxAttempts: 2 }).get('a')).size).toBe(4);
    expect(requests).toHaveLength(2);
  });

  it('when nobody listens', async () => {
    answer = () => undefined;
    const store = open({ endpoint: 'http://127.0.0.1:1' });
    await expect(store.get('a')).rejects.toMatchObject({
      code: 'STORE.UNAVAILABLE',
      safeDetails: { reason: 'ECONNREFUSED' },
    });
  });

  it('when the server does not answer', async () => {
    answer = () => undefined;
    await expect(open({ requestTimeoutMs: 50 }).get('a')).rejects.toMatchObject({ code: 'STORE.UNAVAILABLE' });
    await expect(open({ callTimeoutMs: 50 }).get('a')).rejects.toMatchObject({ code: 'STORE.UNAVAILABLE' });
  });

  it('when the server stalls in the middle of a body', async () => {
    answer = (_, response) => void response.writeHead(200, { ...FACTS, 'content-length': '100' }).write('half');
    await expect(open({ callTimeoutMs: 100 }).get('a')).rejects.toMatchObject({ code: 'STORE.UNAVAILABLE' });
  });

  it('when the connection ends in the middle of a body', async () => {
    answer = (_, response) => {
      response.writeHead(200, { ...FACTS, 'content-length': '100' });
      response.write('half', () => response.destroy());
    };
    await expect(open().get('a')).rejects.toMatchObject({ code: 'STORE.UNAVAILABLE' });
  });

  it('when the caller aborts in the middle of a body: his own reason', async () => {
    const controller = new AbortController();
    const reason = new Error('the job was handed back');
    answer = (_, response) => {
      response.writeHead(200, { ...FACTS, 'content-length': '100' });
      response.write('half', () => controller.abort(reason));
    };
    await expect(open().get('a', { signal: controller.signal })).rejects.toBe(reason);
  });

  it('of size are noticed before the body is sent', async () => {
    // The body never comes: who waits for it waits for ever.
    answer = (_, response) => {
      response.writeHead(200, { ...FACTS, 'content-length': '5000000' }).flushHeaders();
    };
    await expect(open().get('a', { maxBytes: 1000 })).rejects.toMatchObject({
      code: 'INGEST.TOO_LARGE',
      safeDetails: { bytes: 5_000_000, maxBytes: 1000 },
    });
  });
});

describe('conditional writes of the S3 driver', () => {
  /** The probe is answered as a store that honours conditions; what comes after it by the test. */
  function afterProbe(then: (request: Request, response: ServerResponse) => void): void {
    answer = (request, response) => {
      const { 'if-none-match': none, 'if-match': match } = request.headers;
      if (!request.path.startsWith('/photos/facelane-probe/')) then(request, response);
      else if (none === undefined && match === undefined) ok(response);
      else fail(response, 412, 'PreconditionFailed');
    };
  }
  const writes = (): Request[] => requests.filter(({ path }) => path === '/photos/a');

  it('send If-None-Match and If-Match', async () => {
    afterProbe((_, response) => ok(response));
    const store = open();
    await store.put('a', body, ABSENT);
    await store.put('a', body, MATCHES);
    expect(writes().map(({ headers }) => [headers['if-none-match'], headers['if-match']])).toEqual([
      ['*', undefined],
      [undefined, '"e1"'],
    ]);
  });

  it('probe once for all buckets, and clean up', async () => {
    afterProbe((_, response) => ok(response));
    const store = open();
    await Promise.all([store.capabilities(), store.forBucket('others').capabilities(), store.capabilities()]);
    expect(requests.map(({ method }) => method)).toEqual(['PUT', 'PUT', 'PUT', 'DELETE']);
    expect(new Set(requests.map(({ path }) => path)).size).toBe(1);
  });

  it.each([
    ['ignores both', () => false],
    ['ignores If-Match', ({ headers }: Request) => headers['if-none-match'] !== undefined],
    ['ignores If-None-Match', ({ headers }: Request) => headers['if-match'] !== undefined],
  ])('are refused on a store that %s', async (_, honours) => {
    answer = (request, response) => (honours(request) ? fail(response, 412, 'PreconditionFailed') : ok(response));
    const store = open();
    expect(await store.capabilities()).toEqual({ conditionalPut: false, presign: true });
    await expect(store.put('a', body, ABSENT)).rejects.toMatchObject({ code: 'STORE.CONDITION_UNSUPPORTED' });
    expect(writes()).toEqual([]);
  });

  it('are refused on a store that does not implement them', async () => {
    answer = ({ headers }, response) =>
      headers['if-none-match'] === undefined ? ok(response) : fail(response, 501, 'NotImplemented');
    expect((await open().capabilities()).conditionalPut).toBe(false);
  });

  it('ask again after a probe that failed', async () => {
    answer = (_, response) => fail(response, 503, 'SlowDown');
    const store = open();
    await expect(store.capabilities()).rejects.toMatchObject({ code: 'STORE.UNAVAILABLE' });
    afterProbe((_, response) => ok(response));
    expect((await store.capabilities()).conditionalPut).toBe(true);
  });

  it.each([
    [412, 'PreconditionFailed', ABSENT],
    [412, 'PreconditionFailed', MATCHES],
    [404, 'NoSuchKey', MATCHES],
  ])('fail their condition on HTTP %i %s', async (status, name, options) => {
    afterProbe((_, response) => fail(response, status, name));
    expect(await open().put('a', body, options)).toEqual({ outcome: 'condition-failed' });
  });

  it('are sent again while another is under way', async () => {
    afterProbe((_, response) =>
      writes().length < 3 ? fail(response, 409, 'ConditionalRequestConflict') : ok(response),
    );
    expect(await open().put('a', body, ABSENT)).toMatchObject({ outcome: 'stored' });
    afterProbe((_, response) => fail(response, 409, 'ConditionalRequestConflict'));
    await expect(open().put('a', body, ABSENT)).rejects.toMatchObject({ code: 'STORE.UNAVAILABLE' });
  });

  it.each([
    [
      'know their own body when the answer to the first attempt was lost',
      '{"a":1}',
      { outcome: 'stored', etag: '"e1"' },
    ],
    ['do not take the body of another for their own', '{"b":1}', { outcome: 'condition-failed' }],
  ])('%s', async (_, stored, outcome) => {
    afterProbe(({ method }, response) => {
      if (method === 'GET') ok(response, stored);
      else if (writes().length === 1) response.destroy();
      else fail(response, 412, 'PreconditionFailed');
    });
    expect(await open({ maxAttempts: 2 }).put('a', body, ABSENT)).toEqual(outcome);
    expect(writes().map(({ method }) => method)).toEqual(['PUT', 'PUT', 'GET']);
  });
});
