import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FetcherOptions, GuardedFetcher } from './guarded.fetcher.js';
import { selfSigned } from './testing/self-signed.certificate.js';
import { startStrangeServer, type StrangeServer } from './testing/strange.server.js';

const HOST = 'photos.example';
const certificate = selfSigned(HOST);
const LIMITS = { maxBytes: 1000, signal: new AbortController().signal };

let server: StrangeServer;
let plain: StrangeServer;

beforeAll(async () => {
  plain = await startStrangeServer((_, response) => void response.end('photo'));
  server = await startStrangeServer((request, response) => {
    if (request.url === '/down') response.writeHead(301, { location: `http://${HOST}:${plain.port}/` });
    response.end('photo');
  }, certificate);
});
afterAll(async () => {
  await server.stop();
  await plain.stop();
});

async function fetchFrom(host: string, path = '/', options: FetcherOptions = {}): Promise<string> {
  const web = new GuardedFetcher({
    allow: ['127.0.0.1'],
    resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
    ca: certificate.cert,
    ...options,
  });
  try {
    return Buffer.from(await web.fetch(`https://${host}:${server.port}${path}`, LIMITS)).toString();
  } finally {
    await web.close();
  }
}

/** What the client asked for in the handshake (SNI). */
const serverNames = (): unknown[] =>
  server.requests.map(({ socket }) => ('servername' in socket ? socket.servername : undefined));

describe('https', () => {
  it('goes to the judged address and asks for the host by its name', async () => {
    expect(await fetchFrom(HOST)).toBe('photo');
    expect(await fetchFrom(`${HOST}.`)).toBe('photo');
    expect(serverNames()).toEqual([HOST, HOST]);
  });

  it('refuses the certificate of another host', async () => {
    await expect(fetchFrom('other.example')).rejects.toMatchObject({
      code: 'INGEST.URL_UNREACHABLE',
      message: `https://other.example:${server.port}/ could not be fetched: its certificate is for another host.`,
    });
    await expect(fetchFrom('127.0.0.1')).rejects.toMatchObject({ code: 'INGEST.URL_UNREACHABLE' });
  });

  it('refuses a certificate that nobody vouches for', async () => {
    await expect(fetchFrom(HOST, '/', { ca: undefined })).rejects.toMatchObject({
      code: 'INGEST.URL_UNREACHABLE',
      message: expect.stringContaining('SELF_SIGNED') as string,
    });
  });

  it('does not step down to http, even where http is allowed', async () => {
    for (const allowHttp of [false, true]) {
      await expect(fetchFrom(HOST, '/down', { allowHttp })).rejects.toMatchObject({
        code: 'INGEST.URL_NOT_ALLOWED',
        message: expect.stringContaining('leads from https down to http') as string,
      });
    }
    expect(plain.requests).toHaveLength(0);
  });

  it('is required unless http is allowed', async () => {
    const web = new GuardedFetcher({ allow: ['127.0.0.1'] });
    await expect(web.fetch(`http://127.0.0.1:${plain.port}/`, LIMITS)).rejects.toMatchObject({
      code: 'INGEST.URL_NOT_ALLOWED',
      message: expect.stringContaining('uses http where https is required') as string,
    });
    expect(plain.connections()).toBe(0);
  });
});
