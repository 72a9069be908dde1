import { Agent, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { photoInputSchema } from '../schemas/photo.schema.js';
import { FormServer } from '../testing/form.server.js';

const MAX_BYTES = 2 * 1024 * 1024;

const declaration = {
  kind: 'form',
  photos: { source: 1, photos: 3 },
  schema: z.strictObject({
    source: photoInputSchema.optional(),
    photos: z.array(photoInputSchema).optional(),
    collection: z.string().optional(),
    tags: z.array(z.string()).optional(),
    lane: z.enum(['interactive', 'bulk']).default('interactive'),
    limit: z.int().default(5),
    store: z.boolean().default(false),
    metadata: z.record(z.string(), z.string()).optional(),
  }),
} as const;

let server: FormServer;
beforeAll(async () => {
  server = await FormServer.open(declaration, { maxBodyBytes: MAX_BYTES, maxBodyBytesInFlight: MAX_BYTES });
});
afterAll(() => server.close());

type Entry = readonly [name: string, value: string | Uint8Array | Blob];

function form(...entries: readonly Entry[]): FormData {
  const data = new FormData();
  for (const [name, value] of entries) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, value instanceof Blob ? value : new Blob([new Uint8Array(value)]), 'photo.jpg');
  }
  return data;
}

const file = (bytes: number): Uint8Array => new Uint8Array(bytes).fill(7);

/** A form as bytes, for what FormData cannot say. */
function raw(...parts: readonly { readonly headers: string; readonly body: string }[]): string {
  const written = parts.map(({ headers, body }) => `--xyz\r\n${headers}\r\n\r\n${body}\r\n`);
  return `${written.join('')}--xyz--\r\n`;
}

const named = (name: string, more = ''): string => `content-disposition: form-data; name="${name}"${more}`;
const XYZ = { 'content-type': 'multipart/form-data; boundary=xyz' };

describe('a form', () => {
  it('becomes what the same request would be as JSON', async () => {
    const { body } = await server.send(
      form(
        ['source', file(1000)],
        ['collection', '12'],
        ['lane', 'bulk'],
        ['limit', '7'],
        ['store', 'true'],
        ['metadata', '{"a":"1"}'],
      ),
    );
    expect(body).toEqual({
      source: { bytes: 1000 },
      ...{ collection: '12', lane: 'bulk', limit: 7, store: true, metadata: { a: '1' } },
    });
  });

  it('has lists as repeated fields, as JSON, or one item long', async () => {
    const tags = async (...values: string[]): Promise<unknown> =>
      (await server.send(form(...values.map((value): Entry => ['tags', value])))).body;
    expect(await tags('a', '2')).toEqual({ tags: ['a', '2'] });
    expect(await tags('["a","b"]')).toEqual({ tags: ['a', 'b'] });
    expect(await tags('["a"]', 'b')).toEqual({ tags: ['["a"]', 'b'] });
    expect(await tags('a')).toEqual({ tags: ['a'] });
    expect(await tags('[not json')).toEqual({ tags: ['[not json'] });
    expect(await tags('')).toEqual({ tags: [''] });
  });

  it('names photos by reference and holds others, all of which count', async () => {
    const reference = { bucket: 'photos', key: 'a.jpg' };
    const { body } = await server.send(
      form(
        ['photos', file(10)],
        ['photos', JSON.stringify(reference)],
        ['source', JSON.stringify(reference)],
        ['photos', file(20)],
        ['photos', '{"url":"https://example.com/b.jpg"}'],
      ),
    );
    expect(body).toEqual({
      source: reference,
      photos: [reference, { url: 'https://example.com/b.jpg' }, { bytes: 10 }, { bytes: 20 }],
    });
  });

  it('leaves text that is no JSON to the schema', async () => {
    expect((await server.send(form(['limit', 'many'], ['store', 'yes']))).body).toEqual({
      limit: 'many',
      store: 'yes',
    });
  });

  it('may have parts that say that they are JSON', async () => {
    const json = (name: string, body: string): { headers: string; body: string } => ({
      headers: `${named(name)}\r\ncontent-type: application/json`,
      body,
    });
    const parts = [json('metadata', '{"a":"1"}'), json('tags', '["x"]'), json('collection', '"friends"')];
    expect((await server.send(raw(...parts), XYZ)).body).toEqual({
      ...{ metadata: { a: '1' }, tags: ['x'], collection: 'friends' },
    });
    expect(await server.send(raw(json('metadata', '{"a":')), XYZ)).toMatchObject({ status: 415 });
  });

  it('may be empty, and may have an empty file', async () => {
    expect((await server.send(raw(), XYZ)).body).toEqual({});
    expect((await server.send(form(['source', file(0)]))).body).toEqual({ source: { bytes: 0 } });
  });

  it('keeps fields that the endpoint does not have, for the schema to refuse', async () => {
    const { body } = await server.send(form(['colection', 'friends'], ['x'.repeat(300), 'y']));
    expect(body).toEqual({ colection: 'friends', ['x'.repeat(300)]: 'y' });
  });
});

describe('a form is refused', () => {
  it.each([
    ['has a file under another name', form(['photo', file(1)]), 'body.photo', 'files are source, photos'],
    ['has a file for a text field', form(['collection', file(1)]), 'body.collection', 'no file of this name'],
    ['has two files where one may be', form(['source', file(1)], ['source', file(1)]), 'body.source', 'at most 1 file'],
    ['has four where three may be', form(...Array.from({ length: 4 }, (): Entry => ['photos', file(1)])), 'body.photos', 'at most 3 files'], // prettier-ignore
    ['says one thing twice', form(['collection', 'a'], ['collection', 'b']), 'body.collection', 'more than once'],
    ['has a photo and a reference', form(['source', '{}'], ['source', file(1)]), 'body.source', 'more than once'],
    ['has a field that is too long', form(['collection', 'x'.repeat(65_537)]), 'body.collection', 'at most 65536'],
  ])('when it %s', async (_what, data, path, message) => {
    const { status, problem } = await server.send(data);
    expect([status, problem.code]).toEqual([400, 'API.REQUEST_INVALID']);
    expect(problem.errors).toEqual([{ path, message: expect.stringContaining(message) as string }]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('when a field is called %s', async (name) => {
    for (const value of ['{"admin":true}', file(1)]) {
      expect(await server.send(form([name, value]))).toMatchObject({
        status: 400,
        problem: { code: 'API.REQUEST_UNPARSABLE' },
      });
    }
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it.each([
    ['has no boundary', raw(), 'multipart/form-data'],
    ['has another boundary', raw({ headers: named('collection'), body: 'a' }), 'multipart/form-data; boundary=abc'],
    ['is cut short', raw({ headers: named('collection'), body: 'a' }).slice(0, -8), XYZ['content-type']],
    [
      'is cut short in a file',
      raw({ headers: named('source', '; filename="a.jpg"'), body: 'a'.repeat(99) }).slice(0, -50),
      XYZ['content-type'],
    ],
    ['is no form at all', 'Dear diary', XYZ['content-type']],
    ['has a part without an end of its headers', `--xyz\r\n${'a'.repeat(100_000)}`, XYZ['content-type']],
  ])('when it %s', async (_what, body, contentType) => {
    const { status, problem } = await server.send(body, { 'content-type': contentType });
    expect([status, problem.code]).toEqual([400, 'API.REQUEST_UNPARSABLE']);
  });

  it('when a file is too large, and when all of them are', async () => {
    const { status, problem } = await server.send(form(['source', file(MAX_BYTES + 1)]));
    expect([status, problem.code]).toEqual([413, 'API.TOO_LARGE']);
    expect(await server.send(form(['source', file(MAX_BYTES)]))).toMatchObject({ status: 200 });
    const thirds = Array.from({ length: 3 }, (): Entry => ['photos', file(0.4 * MAX_BYTES)]);
    expect(await server.send(form(...thirds))).toMatchObject({ status: 413, problem: { code: 'API.TOO_LARGE' } });
    const texts = Array.from({ length: 40 }, (): Entry => ['tags', 'x'.repeat(60_000)]);
    expect(await server.send(form(...texts))).toMatchObject({ status: 413, problem: { code: 'API.TOO_LARGE' } });
  });

  it('when it has more fields than any form of the API', async () => {
    const many = (count: number): FormData => form(...Array.from({ length: count }, (): Entry => ['tags', 'x']));
    expect(await server.send(many(200))).toMatchObject({ status: 200 });
    expect(await server.send(many(300))).toMatchObject({ status: 413, problem: { code: 'API.TOO_LARGE' } });
  });
});

it('leaves the connection to the next request when a form is refused before it was read', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | undefined>();
  const send = async (body: string): Promise<number | undefined> => {
    const asked = request(server.address, {
      method: 'POST',
      agent,
      headers: { ...XYZ, 'content-length': body.length },
    });
    asked.on('socket', (socket) => socket.once('connect', () => ports.add(socket.localPort)));
    const answered = new Promise<number | undefined>((resolve, reject) => {
      asked.on('error', reject);
      asked.on('response', (answer) => answer.resume().on('end', () => resolve(answer.statusCode)));
    });
    asked.end(body);
    return answered;
  };
  // More than the server holds before the form is read, so that it must go on reading what it refused.
  const large = raw({ headers: named('wrong', '; filename="a.jpg"'), body: 'a'.repeat(MAX_BYTES / 2) });
  expect(await send(large)).toBe(400);
  expect(await send(raw({ headers: named('collection'), body: 'a' }))).toBe(200);
  expect(ports.size).toBe(1);
  agent.destroy();
});
