import { keys } from '@facelane/contracts';
import { S3ObjectStore } from '@facelane/object-store';
import { startS3Server } from '@facelane/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collect, openDocuments, type TestDocuments } from '../../../registry/src/testing/document-stores.js';
import { putUpload } from '../endpoints/upload.endpoints.js';
import { type OpenUpload, type SignedUpload, UploadDesk } from './upload.desk.js';

const NEVER = new AbortController().signal;
const SECRET = Buffer.from('a secret of this test');
const BYTES = Buffer.from('a photo');
const START = Date.parse('2026-06-01T00:00:00.500Z');
const WISH = { contentType: 'image/jpeg', expiresInSeconds: 60 };

let opened: TestDocuments;
let now: number;
let desk: UploadDesk;
beforeAll(async () => {
  opened = await openDocuments('fs');
  now = START;
  desk = new UploadDesk(opened.store, SECRET, () => now);
});
afterAll(() => opened.close());

/** What the endpoint makes of the address, so that both sides of it are held together. */
function partsOf({ url }: OpenUpload): SignedUpload {
  const { pathname, searchParams } = new URL(url, 'http://api');
  const [tenant, uploadId] = pathname.split('/').slice(-2) as [string, string];
  const { params, query } = putUpload;
  const { upload } = params.parse({ tenant, upload: uploadId });
  return { ...query.parse(Object.fromEntries(searchParams)), tenant, uploadId: upload };
}

const give = async (wish = WISH): Promise<SignedUpload> => {
  now = START;
  return partsOf(await desk.open('acme', wish));
};
const uploads = async (): Promise<string[]> => (await collect(opened.store.list(''))).map(({ key }) => key);

describe('an address of our own', () => {
  it('takes one photo under the uploads of its tenant, as the answer has said', async () => {
    now = START;
    const open = await desk.open('acme', WISH);
    expect(open).toMatchObject({
      ...{ method: 'PUT', headers: { 'content-type': 'image/jpeg' }, expiresAt: '2026-06-01T00:01:00.000Z' },
      source: { bucket: 'facelane' },
    });
    const upload = partsOf(open);
    expect(open.source.key).toBe(keys.upload('acme', upload.uploadId));
    await desk.take(upload, BYTES, NEVER);
    const stored = await opened.store.get(open.source.key);
    expect([Buffer.from(stored.body), stored.contentType]).toEqual([BYTES, 'image/jpeg']);
  });

  it('is another one each time', async () => {
    const [one, two] = [await give(), await give()];
    expect(one.uploadId).not.toBe(two.uploadId);
    expect(one.signature).not.toBe(two.signature);
  });

  it('works until it expires and no longer', async () => {
    const upload = await give();
    now = upload.expires * 1000 - 1;
    await desk.take(upload, BYTES, NEVER);
    now += 1;
    await expect(desk.take(upload, BYTES, NEVER)).rejects.toMatchObject({ code: 'API.UPLOAD_REFUSED', status: 403 });
  });

  it.each([
    ['tenant', { tenant: 'other' }],
    ['id', { uploadId: '6f1d0c1e-4b7a-4d0e-9a51-c3f2d8e7b604' }],
    ['type', { type: 'text/html' }],
    ['expiry', { expires: Math.floor(START / 1000) + 61 }],
    ['expiry, shorter', { expires: Math.floor(START / 1000) + 59 }],
    ['signature', { signature: '0'.repeat(64) }],
  ])('does not take another %s, and stores nothing', async (_part, changed) => {
    const upload = await give();
    const before = await uploads();
    const taking = desk.take({ ...upload, ...changed }, BYTES, NEVER);
    await expect(taking).rejects.toMatchObject({ code: 'API.UPLOAD_REFUSED' });
    expect(await uploads()).toEqual(before);
  });

  it('does not let one part run into the next', async () => {
    const upload = await give({ ...WISH, contentType: 'image/jpeg' });
    const shifted = { ...upload, tenant: `${upload.tenant}${upload.uploadId[0]!}`, uploadId: upload.uploadId.slice(1) };
    await expect(desk.take(shifted, BYTES, NEVER)).rejects.toMatchObject({ code: 'API.UPLOAD_REFUSED' });
  });

  it('says of a wrong one nothing that a right one that is too late would not', async () => {
    const upload = await give();
    now = upload.expires * 1000;
    // An expired address with a wrong signature is told as wrong: the time is not looked at before.
    const taking = desk.take({ ...upload, signature: 'f'.repeat(64) }, BYTES, NEVER);
    await expect(taking).rejects.toThrow('not given out like this');
  });

  it('of a deployment with another secret is none', async () => {
    const upload = await give();
    const other = new UploadDesk(opened.store, Buffer.from('another secret'), () => now);
    await expect(other.take(upload, BYTES, NEVER)).rejects.toMatchObject({ code: 'API.UPLOAD_REFUSED' });
  });

  it('stores nothing for a caller that has hung up', async () => {
    const upload = await give();
    const taking = desk.take(upload, BYTES, AbortSignal.abort(new Error('hung up')));
    await expect(taking).rejects.toThrow('hung up');
    expect(await uploads()).not.toContain(keys.upload('acme', upload.uploadId));
  });
});

it('gives the address of a store that presigns, which takes the photo itself', async () => {
  const server = await startS3Server();
  const store = new S3ObjectStore(server);
  try {
    const { url, method, headers, source } = await new UploadDesk(store, SECRET).open('acme', WISH);
    expect(url.startsWith(server.endpoint)).toBe(true);
    expect((await fetch(url, { method, headers, body: BYTES })).status).toBe(200);
    expect(source.bucket).toBe(store.bucket);
    expect(Buffer.from((await store.get(source.key)).body)).toEqual(BYTES);
  } finally {
    await store.close();
    await server.stop();
  }
});
