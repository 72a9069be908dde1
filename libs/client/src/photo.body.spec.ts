import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFacelane, type Facelane, type PhotoInput } from './index.js';
import { photoBody } from './photo.body.js';
import { DescribedServer, KEY } from './testing/described.server.js';

const BYTES = Buffer.from('the bytes of a photo');
const PLACE = { bucket: 'photos', key: 'a.jpg' };

let server: DescribedServer;
let facelane: Facelane;

beforeAll(async () => {
  server = await DescribedServer.start();
  facelane = createFacelane({ url: server.url, key: KEY });
});
beforeEach(() => server.reset());
afterAll(() => server.stop());

const halves = (): Uint8Array[] => [BYTES.subarray(0, 5), BYTES.subarray(5)];

const INPUTS: readonly (readonly [string, () => PhotoInput])[] = [
  ['a Buffer', () => BYTES],
  [
    'a Uint8Array within a larger buffer',
    () => new Uint8Array(Buffer.concat([BYTES, BYTES])).subarray(0, BYTES.length),
  ],
  ['an ArrayBuffer', () => new Uint8Array(BYTES).buffer],
  ['a Blob', () => new Blob([BYTES])],
  ['a File', () => new File([BYTES], 'me.jpg', { type: 'image/jpeg' })],
  ['a stream of Node', () => Readable.from(halves())],
  ['a stream of the web', () => new Blob([BYTES]).stream()],
  [
    'a stream that cannot be iterated',
    () => {
      const stream = new Blob([BYTES]).stream();
      return { getReader: () => stream.getReader() } as ReadableStream<Uint8Array>;
    },
  ],
];

describe('a photo', () => {
  it.each(INPUTS)('may be %s', async (_what, input) => {
    await facelane.recognition.detect(input());
    expect(server.seen[0]?.files['image']).toEqual([BYTES]);
  });

  it.each([[PLACE], [{ url: 'https://example.com/a.jpg' }], [{ bytes: BYTES.toString('base64') }]])(
    'may be the place %j, which is sent as JSON',
    async (place) => {
      await facelane.assets.submit({ collection: 'friends', source: place });
      const [seen] = server.seen;
      expect(seen?.headers['content-type']).toBe('application/json');
      expect(seen?.body).toEqual({ collection: 'friends', source: place });
    },
  );
});

describe('a form', () => {
  it('holds every other field as its JSON would', async () => {
    await facelane.recognition.search('friends', { image: BYTES, limit: 3, onePersonPerPhoto: false, externalId: 'x' });
    expect(server.seen[0]?.body).toMatchObject({ limit: 3, onePersonPerPhoto: false, externalId: 'x' });
    server.reset();
    await facelane.assets.submit({ collection: 'friends', source: BYTES, tags: ['[draft'] });
    expect(server.seen[0]?.body).toMatchObject({ collection: 'friends', tags: ['[draft'] });
  });

  it('holds many photos in their order', async () => {
    await facelane.people.enrol('friends', '0190163d-8694-739b-aea5-966c26f8ad91', { photos: halves() });
    expect(server.seen[0]?.files['photos']).toEqual(halves());
  });

  it('holds the place of a photo beside the bytes of another', async () => {
    const { body } = await photoBody({ a: BYTES, b: PLACE, collection: undefined });
    const form = body as FormData;
    expect([...form.keys()]).toEqual(['a', 'b']);
    expect(form.get('b')).toBe(JSON.stringify(PLACE));
  });

  it('never mixes both within one list', async () => {
    await expect(photoBody({ photos: [BYTES, PLACE] })).rejects.toThrow('`photos` mixes bytes');
  });
});

describe('an upload', () => {
  const upload = (url: string): object => ({
    ...{ url, method: 'PUT', headers: { 'content-type': 'image/png' }, expiresAt: '2026-01-31T12:00:00.000Z' },
    source: PLACE,
  });
  const signed = `/v1/uploads/acme/0190163d-8694-739b-aea5-966c26f8ad91?type=image%2Fpng&expires=1&signature=${'0'.repeat(64)}`;

  it('goes to the address that the API gives, without a key, and is then a place', async () => {
    server.answer('createUpload', { status: 201, body: upload(signed) });
    const place = await facelane.uploads.put(new Blob([BYTES], { type: 'image/png' }));
    expect(place).toEqual(PLACE);
    const [made, put] = server.seen;
    expect(made?.body).toEqual({ contentType: 'image/png' });
    expect(put?.headers['content-type']).toBe('image/png');
    expect(put?.headers).not.toHaveProperty('authorization');
    expect(put?.body).toEqual(BYTES);
  });

  it('fails with a problem when the store refuses it', async () => {
    server.answer('createUpload', { status: 201, body: upload(signed) });
    server.answer('putUpload', { status: 403, headers: { 'content-type': 'application/xml' }, body: '<Error/>' });
    await expect(facelane.uploads.put(BYTES)).rejects.toMatchObject({ status: 403, code: 'HTTP.403' });
  });

  it('says which store is away', async () => {
    server.answer('createUpload', { status: 201, body: upload('http://127.0.0.1:1/bucket/key') });
    const once = createFacelane({ url: server.url, key: KEY, retries: 0 });
    await expect(once.uploads.put(BYTES)).rejects.toMatchObject({ origin: 'http://127.0.0.1:1' });
  });
});
