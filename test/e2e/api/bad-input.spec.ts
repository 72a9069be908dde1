import { requireModels, samplePhoto, startRedis, type TestRedis } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApiAnswer, type ApiCaller, type RunningApi, startStandaloneApi } from '../../support/api.js';
import { headOf, RawSocket } from '../../support/raw.socket.js';
import { listObjects } from '../../support/scan-stores.js';

const MIB = 1024 * 1024;
const MAX_BODY_BYTES = 4 * MIB;
/** Cut after this long; every other request of this file arrives faster. */
const REQUEST_TIMEOUT_MS = 3_000;

interface Problem {
  readonly code: string;
  readonly requestId: string;
}

let redis: TestRedis;
let api: RunningApi;
let caller: ApiCaller;
let photo: Uint8Array;
let authorization: string;

beforeAll(async () => {
  redis = await startRedis();
  photo = await samplePhoto(await requireModels(), 1);
  api = await startStandaloneApi({
    ...{ REDIS_URL: redis.url, API_MAX_BODY_BYTES: String(MAX_BODY_BYTES) },
    ...{ API_MAX_BODY_BYTES_IN_FLIGHT: String(2 * MAX_BODY_BYTES), API_REQUEST_TIMEOUT_MS: String(REQUEST_TIMEOUT_MS) },
  });
  caller = api.as(api.key);
  authorization = `Bearer ${api.key}`;
  await caller.json('POST', '/v1/collections', { id: 'album' });
}, 120_000);
afterAll(async () => {
  await api.stop();
  await redis.stop();
});

const FORM = 'multipart/form-data; boundary=xyz';
const PART = '--xyz\r\ncontent-disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n';
const END = '\r\n--xyz--\r\n';
const formOf = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from(PART), bytes, Buffer.from(END)]);

/** Problem of an answer that was read off a socket. */
const problemOf = (socket: RawSocket): Problem => JSON.parse(socket.text.slice(socket.text.indexOf('{'))) as Problem;

/** Lines of the log that say that something is wrong with us. */
const complaints = (): string[] =>
  api.program
    .stderr()
    .split('\n')
    .filter((line) => /"level":"(?:error|fatal)"/.test(line));

describe('a body that is too large', () => {
  it.each([
    ['application/json', '/v1/assets'],
    [FORM, '/v1/assets'],
    [FORM, '/v1/detect'],
    ['image/jpeg', '/v1/nowhere'],
  ])('of 100 MB of %s to %s is answered before any of it is sent', async (type, path) => {
    const socket = await RawSocket.open(api.address);
    await socket.write(headOf('POST', path, { authorization, 'content-type': type, 'content-length': 100 * MIB }));
    await vi.waitFor(() => expect(problemOf(socket).code).toMatch(/^API\./), { timeout: 10_000 });
    expect([socket.status, problemOf(socket).code]).toEqual([413, 'API.TOO_LARGE']);
    expect(socket.text).toMatch(/content-type: application\/problem\+json/i);
    socket.hangUp();
  });

  it('is told so also to whoever sends it all without waiting', async () => {
    const body = new Uint8Array(8 * MIB);
    for (const type of ['application/json', FORM, 'image/jpeg']) {
      const answer = await fetch(`${api.address}/v1/assets`, {
        ...{ method: 'POST', body, headers: { authorization, 'content-type': type } },
      });
      expect([answer.status, ((await answer.json()) as Problem).code], type).toEqual([413, 'API.TOO_LARGE']);
    }
  });

  it.each([
    ['application/json', '"', 413],
    [FORM, PART, 413],
    // What is refused for another reason has no end either.
    [FORM, PART.replace('image', 'nothing'), 400],
    ['image/jpeg', '', 413],
  ])('that comes in chunks of %s without an end is cut', async (type, start, status) => {
    const socket = await RawSocket.open(api.address);
    const head = { authorization, 'content-type': type, 'transfer-encoding': 'chunked' };
    await socket.write(headOf('POST', '/v1/detect', head));
    const send = (text: string): Promise<void> => socket.write(`${text.length.toString(16)}\r\n${text}\r\n`);
    if (start !== '') await send(start);
    const chunk = 'a'.repeat(MIB / 4);
    // Goes on whatever is answered, until nobody takes it any more.
    while (socket.isOpen) await send(chunk);
    await socket.closed;
    expect([socket.status, problemOf(socket).code]).toEqual([
      ...[status, status === 413 ? 'API.TOO_LARGE' : 'API.REQUEST_INVALID'],
    ]);
  });
});

describe('a caller that sends a byte now and then', () => {
  it('is cut after a while, and keeps nobody else from being answered', async () => {
    const heads = [
      'GET /v1/me HTTP/1.1\r\nhost: facelane\r\nx-slow: ',
      headOf('POST', '/v1/assets', { authorization, 'content-type': 'application/json', 'content-length': 900 }) + '{',
      headOf('POST', '/v1/detect', { authorization, 'content-type': FORM, 'content-length': 900_000 }) + PART,
      headOf('POST', '/v1/detect', { authorization, 'content-type': FORM, 'transfer-encoding': 'chunked' }) + '80\r\n',
      headOf('PUT', '/v1/uploads/a/b', { 'content-type': 'image/jpeg', 'content-length': 900_000 }),
    ];
    const sockets = await Promise.all(Array.from({ length: 50 }, () => RawSocket.open(api.address)));
    const dripping = sockets.map(async (socket, i) => {
      await socket.write(heads[i % heads.length]!);
      const drip = setInterval(() => void socket.write('a'), 50);
      await socket.closed;
      clearInterval(drip);
    });
    let served = 0;
    while (sockets.some(({ isOpen }) => isOpen)) {
      const answer = await caller.askForm('/v1/detect', { image: new Uint8Array(10) });
      expect(answer.status).toBe(422);
      served += 1;
    }
    await Promise.all(dripping);
    expect(served).toBeGreaterThan(0);
    const answered = sockets.filter(({ text }) => text !== '');
    for (const socket of answered) expect([400, 403, 404, 408]).toContain(socket.status);
    expect(answered.some(({ status }) => status === 408)).toBe(true);
    expect(complaints()).toEqual([]);
  });
});

describe('a caller that hangs up', () => {
  const leave = async (path: string, body: Uint8Array, sent: number): Promise<void> => {
    const socket = await RawSocket.open(api.address);
    const head = headOf('POST', path, { authorization, 'content-type': FORM, 'content-length': body.byteLength });
    await socket.write(head);
    await socket.write(body.subarray(0, sent));
    socket.hangUp();
    await socket.closed;
  };

  it('in the middle of an upload leaves nothing', async () => {
    const before = await listObjects(api.dataDir);
    const body = formOf(photo);
    for (const part of [0, 10, 0.3, 0.9]) {
      const sent = part < 1 ? Math.floor(part * body.byteLength) : part;
      await Promise.all(
        ['/v1/detect', '/v1/collections/album/search', '/v1/assets'].map((path) => leave(path, body, sent)),
      );
    }
    await isIdle();
    expect(await listObjects(api.dataDir)).toEqual(before);
    expect(complaints()).toEqual([]);
  });

  it('while he waits for an answer leaves nothing', async () => {
    const before = await listObjects(api.dataDir);
    const body = formOf(photo);
    const paths = ['/v1/detect', '/v1/collections/album/search'];
    // Some are gone before the question is asked, some while it is worked on.
    for (let round = 0; round < 4; round += 1) {
      await Promise.all(paths.map((path) => leave(path, body, body.byteLength)));
      await caller.askForm('/v1/detect', { image: new Uint8Array(10) });
    }
    await isIdle();
    await vi.waitFor(async () => expect(await listObjects(api.dataDir)).toEqual(before), { timeout: 20_000 });
    expect(complaints()).toEqual([]);
  });

  /** Whoever asks now is answered by models: what came before was taken or given up. */
  async function isIdle(): Promise<void> {
    expect((await caller.askForm('/v1/detect', { image: photo })).status).toBe(200);
  }
});

describe('Redis that is killed', () => {
  it('is told at once, and everything works again when it is back', async () => {
    const asking = (): Promise<ApiAnswer<Problem>[]> => {
      const wish = { collection: 'album', source: { bytes: Buffer.from(photo).toString('base64') } };
      return Promise.all([
        caller.ask<Problem>('GET', '/v1/collections/album'),
        caller.ask<Problem>('GET', '/v1/me'),
        caller.ask<Problem>('POST', '/v1/assets', wish, { 'idempotency-key': 'k' }),
        caller.askForm<Problem>('/v1/detect', { image: photo }),
      ]);
    };
    expect((await asking()).map(({ status }) => status)).toEqual([200, 200, 202, 200]);
    await redis.kill9();
    await vi.waitFor(async () => expect((await caller.ask('GET', '/v1/me')).status).toBe(503), { timeout: 10_000 });
    for (const { status, headers, body } of await asking()) {
      expect([status, body.code]).toEqual([503, 'API.UNAVAILABLE']);
      expect(headers.get('content-type')).toMatch('application/problem+json');
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await fetch(`${api.address}/health/live`)).status).toBe(200);
    const ready = await fetch(`${api.address}/health/ready`);
    expect([ready.status, await ready.json()]).toEqual([
      ...[503, expect.objectContaining({ code: 'API.UNAVAILABLE', checks: expect.anything() as unknown }) as unknown],
    ]);
    // Who has no key is told that, whatever is away.
    expect((await fetch(`${api.address}/v1/me`)).status).toBe(401);
    await redis.restart();
    await vi.waitFor(async () => expect((await caller.ask('GET', '/v1/me')).status).toBe(200), { timeout: 30_000 });
    await vi.waitFor(async () => expect((await asking()).map(({ status }) => status)).toEqual([200, 200, 202, 200]), {
      timeout: 30_000,
    });
  }, 90_000);
});
