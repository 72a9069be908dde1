import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { keys } from '@facelane/contracts';
import { DEFAULT_IMAGE_LIMITS } from '@facelane/imaging';
import { type FetcherOptions, GuardedFetcher } from '@facelane/outbound';
import { requireModels, samplePhoto } from '@facelane/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStores, type TestStores } from '../testing/open-stores.js';
import { context, ingestJob, TENANT } from '../testing/stage.samples.js';
import { IngestHandler } from './ingest.handler.js';
import { SourceReader } from '../source.reader.js';

const photo = new Uint8Array(await samplePhoto(await requireModels(), 1));
const sha256 = createHash('sha256').update(photo).digest('hex');

describe('ingest of a photo by URL', () => {
  let stores: TestStores;
  let server: Server;
  let origin: string;

  beforeEach(async () => {
    stores = await openStores('fs');
    server = createServer((request, response) => {
      if (request.url?.startsWith('/a.jpg') === true) response.end(photo);
      else if (request.url === '/page') response.end('<html>not the photo</html>');
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.close();
    server.closeAllConnections();
    await stores.close();
  });

  const ingest = async (url: string, options: FetcherOptions = {}, maxBytes = DEFAULT_IMAGE_LIMITS.maxBytes) => {
    const { store, uses, vault, derived, assets } = stores;
    const web = new GuardedFetcher({ allowHttp: true, allow: ['127.0.0.1'], ...options });
    const sources = new SourceReader(store, web, { fileRoots: [], maxBytes });
    const handler = new IngestHandler(sources, uses, vault, derived, assets, DEFAULT_IMAGE_LIMITS, store.bucket);
    const job = ingestJob({ kind: 'url', url });
    return { job, output: await handler.handle(job, context()).finally(() => web.close()) };
  };

  it('stores its bytes once per content, and where they came from', async () => {
    const { job, output } = await ingest(`${origin}/a.jpg?signature=1`);
    expect(output).toMatchObject({ seen: false, photo: { sha256, format: 'jpeg', bytes: photo.byteLength } });
    expect(new Uint8Array((await stores.store.get(keys.photo(TENANT, sha256))).body)).toEqual(photo);
    expect(await stores.assets.findAsset(job)).toMatchObject({ source: job.source });
    expect((await ingest(`${origin}/a.jpg?signature=2`)).output).toMatchObject({ seen: true });
  });

  it('names what is forbidden, missing, too large or no photo, without what may be secret', async () => {
    await expect(ingest(`${origin}/a.jpg?key=s3cret`, { allow: [] })).rejects.toMatchObject({
      code: 'INGEST.URL_NOT_ALLOWED',
      message: `${origin}/a.jpg is not on a public host.`,
    });
    await expect(ingest(`${origin}/none.jpg`)).rejects.toMatchObject({ code: 'INGEST.SOURCE_MISSING' });
    await expect(ingest(`${origin}/a.jpg`, {}, photo.byteLength - 1)).rejects.toMatchObject({
      code: 'INGEST.TOO_LARGE',
    });
    await expect(ingest(`${origin}/page`)).rejects.toMatchObject({ code: 'INGEST.NOT_AN_IMAGE' });
  });
});
