import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BodyDeclaration } from '../endpoint/define-endpoint.js';
import { FormServer } from '../testing/form.server.js';

const KIB = 1024;
const LIMITS = { maxBodyBytes: 100 * KIB, maxBodyBytesInFlight: 150 * KIB };

const declared = (kind: BodyDeclaration['kind']): BodyDeclaration => ({
  kind,
  schema: z.strictObject({ source: z.any(), collection: z.string() }),
  photos: { source: 1 },
});

let server: FormServer;
const openSockets: Socket[] = [];
const open = async (body: BodyDeclaration | undefined): Promise<void> => {
  server = await FormServer.open(body, LIMITS);
};
beforeEach(() => void openSockets.splice(0));
afterEach(async () => {
  for (const socket of openSockets) socket.destroy();
  await server.close();
});

function form(bytes: number): FormData {
  const data = new FormData();
  data.append('source', new Blob([new Uint8Array(bytes)]), 'a.jpg');
  return data;
}

const HEAD = '--xyz\r\ncontent-disposition: form-data; name="source"; filename="a.jpg"\r\n\r\n';
const TAIL = '\r\n--xyz--\r\n';

/** Begins an upload of so many bytes and sends none of them yet. */
async function begin(
  bytes: number,
): Promise<{ finish(): void; hangUp(): Promise<void>; readonly answer: Promise<string> }> {
  const { hostname, port } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  openSockets.push(socket);
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  const answer = new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())));
  const length = HEAD.length + bytes + TAIL.length;
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  socket.write(
    `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=xyz\r\ncontent-length: ${length}\r\n\r\n`,
  );
  return {
    finish: () => void socket.write(HEAD + 'a'.repeat(bytes) + TAIL),
    hangUp: async () => {
      socket.destroy();
      await ended;
    },
    answer,
  };
}

describe('BodyReader', () => {
  it('hands on JSON as it was parsed, and nothing where nothing is declared', async () => {
    await open(declared('json'));
    const json = { 'content-type': 'application/json' };
    expect((await server.send('{"collection":"a"}', json)).body).toEqual({ collection: 'a' });
    await server.close();
    await open(undefined);
    expect((await server.send('{"collection":"a"}', json)).body).toBeUndefined();
  });

  it('takes a form only where one is declared', async () => {
    await open(declared('form'));
    expect((await server.send(form(10))).body).toEqual({ source: { bytes: 10 } });
    for (const kind of ['json', 'bytes'] as const) {
      await server.close();
      await open(declared(kind));
      expect(await server.send(form(10))).toMatchObject({ status: 415, problem: { code: 'API.TYPE_UNSUPPORTED' } });
    }
  });

  it.each([
    ['json', 'application/x-www-form-urlencoded', 'collection=a'],
    ['json', 'text/plain', '{"collection":"a"}'],
    ['form', 'text/plain', '{"collection":"a"}'],
    ['bytes', 'application/json', '{"collection":"a"}'],
  ] as const)('takes for %s no %s, though the server could parse it', async (kind, type, body) => {
    await open(declared(kind));
    expect(await server.send(body, { 'content-type': type })).toMatchObject({
      ...{ status: 415, problem: { code: 'API.TYPE_UNSUPPORTED' } },
    });
  });

  it('reads a message that is called plain text as JSON, and looks at it first as at any', async () => {
    await open(declared('message'));
    const plain = { 'content-type': 'text/plain' };
    expect((await server.send('{"collection":"a"}', plain)).body).toEqual({ collection: 'a' });
    expect(await server.send('{', plain)).toMatchObject({ status: 400, problem: { code: 'API.REQUEST_UNPARSABLE' } });
    expect(await server.send('['.repeat(5000), plain)).toMatchObject({
      ...{ status: 400, problem: { code: 'API.REQUEST_INVALID' } },
    });
  });

  it('has uploads wait for each other when they do not fit the memory together', async () => {
    await open(declared('form'));
    const slow = await begin(80 * KIB);
    const waiting = await begin(80 * KIB);
    waiting.finish();
    // It is not read while the first one holds the bytes, so a small one behind it waits as well.
    const small = await begin(1 * KIB);
    small.finish();
    const first = await Promise.race([waiting.answer, small.answer, slow.answer, untilIdle()]);
    expect(first).toBe('idle');
    slow.finish();
    const answers = await Promise.all([slow.answer, waiting.answer, small.answer]);
    expect(answers.map((text) => text.split('\r\n')[0])).toEqual(Array(3).fill('HTTP/1.1 200 OK'));
  });

  it('gives the bytes of a caller that hangs up to the next', async () => {
    await open(declared('form'));
    const slow = await begin(90 * KIB);
    const gone = await begin(90 * KIB);
    const waiting = await begin(90 * KIB);
    waiting.finish();
    await gone.hangUp();
    await slow.hangUp();
    expect(await waiting.answer).toMatch(/^HTTP\/1\.1 200/);
    expect((await server.send(form(90 * KIB))).status).toBe(200);
  });

  it('counts an upload of unknown length as the largest there may be', async () => {
    await open(declared('form'));
    const slow = await begin(60 * KIB);
    const { hostname, port } = new URL(server.address);
    const socket = connect(Number(port), hostname);
    openSockets.push(socket);
    const answer = new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())));
    const body = `${HEAD}a${TAIL}`;
    socket.write(
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: multipart/form-data; boundary=xyz\r\n' +
        `transfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    );
    expect(await Promise.race([answer, slow.answer, untilIdle()])).toBe('idle');
    slow.finish();
    expect(await answer).toMatch(/^HTTP\/1\.1 200/);
  });
});

/** When a request that needs no memory was answered after all that was sent before: by then others would be, too. */
async function untilIdle(): Promise<string> {
  for (let i = 0; i < 5; i += 1) {
    const answer = await fetch(server.address, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }); // prettier-ignore
    await answer.arrayBuffer();
  }
  return 'idle';
}
