import { describe, expect, it } from 'vitest';
import { failureOf, LIMITS, PHOTO, resolver, useStrangers } from './testing/strangers.js';

const { serve, fetcher } = useStrangers();

describe('fetching a photo', () => {
  it('sends nothing that is ours, and keeps the connection for the next photo', async () => {
    const server = await serve((_, response) => void response.setHeader('set-cookie', 'a=b').end(PHOTO));
    const { resolve, asked } = resolver(['127.0.0.1']);
    const web = fetcher({ resolve });
    const url = `http://cdn.example:${server.port}/a.jpg?size=1#part`;
    for (let photos = 0; photos < 5; photos++) {
      expect(Buffer.from(await web.fetch(url, LIMITS))).toEqual(PHOTO);
    }
    expect(new Set(server.requests.map((request) => request.url))).toEqual(new Set(['/a.jpg?size=1']));
    for (const { headers } of server.requests) {
      expect(Object.keys(headers).sort()).toEqual(['accept', 'accept-encoding', 'connection', 'host', 'user-agent']);
      expect(headers).toMatchObject({ host: `cdn.example:${server.port}`, 'accept-encoding': 'identity' });
    }
    // The next request may come before the last connection counts as free; then there are two that take turns.
    expect(server.connections()).toBeLessThanOrEqual(2);
    expect(asked).toHaveLength(server.connections());
  });

  it.each([
    [404, {}, 'INGEST.SOURCE_MISSING', 'never'],
    [410, {}, 'INGEST.SOURCE_MISSING', 'never'],
    [401, {}, 'INGEST.SOURCE_DENIED', 'never'],
    [403, {}, 'INGEST.SOURCE_DENIED', 'never'],
    [400, {}, 'INGEST.SOURCE_DENIED', 'never'],
    [304, {}, 'INGEST.SOURCE_DENIED', 'never'],
    [302, {}, 'INGEST.SOURCE_DENIED', 'never'],
    [408, {}, 'INGEST.URL_UNREACHABLE', 'backoff'],
    [500, {}, 'INGEST.URL_UNREACHABLE', 'backoff'],
    [500, { 'retry-after': '7' }, 'INGEST.URL_UNREACHABLE', 'backoff'],
    [429, {}, 'INGEST.URL_UNREACHABLE', 'backoff'],
    [429, { 'retry-after': '7' }, 'INGEST.URL_UNREACHABLE', { afterMs: 7000 }],
    [503, { 'retry-after': '86400' }, 'INGEST.URL_UNREACHABLE', { afterMs: 3_600_000 }],
  ] as const)('takes status %i with %j as %s', async (status, headers, code, retry) => {
    const { url } = await serve((_, response) => void response.writeHead(status, headers).end('no'));
    const failure = await failureOf(fetcher().fetch(url('/a.jpg?token=s3cret'), LIMITS));
    expect(failure).toMatchObject({ code, retry, safeDetails: { status } });
    expect(failure.message).toContain(`${url('/a.jpg')} `);
    expect(failure.message).not.toContain('s3cret');
  });

  it('says why there was no answer, without the address', async () => {
    const server = await serve((request) => void request.socket.destroy());
    const cut = await failureOf(
      fetcher(resolver(['127.0.0.1'])).fetch(`http://cdn.example:${server.port}/a.jpg?token=s3cret`, LIMITS),
    );
    expect(cut).toMatchObject({ code: 'INGEST.URL_UNREACHABLE', retry: 'backoff' });
    expect(cut.message).toBe(`http://cdn.example:${server.port}/a.jpg could not be fetched: the connection was cut.`);
    await server.stop();
    const refused = await failureOf(
      fetcher(resolver(['127.0.0.1'])).fetch(`http://cdn.example:${server.port}/`, LIMITS),
    );
    expect(refused.message).toContain('the connection was refused');
    expect(refused.message).not.toContain('127.0.0.1');
    const unknown = await failureOf(fetcher(resolver([])).fetch('http://cdn.example/', LIMITS));
    expect(unknown).toMatchObject({ code: 'INGEST.URL_UNREACHABLE', retry: 'backoff' });
    expect(unknown.message).toContain('its host name is not known');
  });
});

describe('hosts that are not public', () => {
  it.each(['127.0.0.1', '2130706433', '0x7f.1', 'localhost', 'LOCALHOST.', '[::ffff:7f00:1]'])(
    'are not connected to: %s',
    async (host) => {
      const server = await serve((_, response) => void response.end(PHOTO));
      const failure = await failureOf(fetcher({ allow: [] }).fetch(`http://${host}:${server.port}/`, LIMITS));
      expect(failure).toMatchObject({ code: 'INGEST.URL_NOT_ALLOWED', retry: 'never' });
      expect(failure.message).toContain('is not on a public host');
      expect(server.connections()).toBe(0);
    },
  );

  it('are refused for one forbidden address among others, and the address is not told', async () => {
    const server = await serve((_, response) => void response.end(PHOTO));
    const web = fetcher(resolver(['127.0.0.1', '10.9.8.7']));
    const failure = await failureOf(web.fetch(`http://cdn.example:${server.port}/a.jpg`, LIMITS));
    expect(failure.message).toBe(`http://cdn.example:${server.port}/a.jpg is not on a public host.`);
    expect(JSON.stringify([failure.message, failure.safeDetails])).not.toContain('10.9.8.7');
    expect(server.connections()).toBe(0);
  });

  it('are reached when the operator allows them by name', async () => {
    const server = await serve((_, response) => void response.end(PHOTO));
    const web = fetcher({ ...resolver(['127.0.0.1']), allow: ['photos.internal'] });
    expect(await web.fetch(`http://photos.internal:${server.port}/`, LIMITS)).toHaveLength(PHOTO.byteLength);
    const failure = await failureOf(web.fetch(`http://other.internal:${server.port}/`, LIMITS));
    expect(failure.code).toBe('INGEST.URL_NOT_ALLOWED');
  });

  it('are not reached through a name that changes its address after it was judged', async () => {
    const server = await serve((_, response) => void response.setHeader('connection', 'close').end(PHOTO));
    const { resolve, asked } = resolver(['127.0.0.1'], ['127.0.0.2']);
    const web = fetcher({ resolve });
    const url = `http://rebinding.example:${server.port}/`;
    expect(Buffer.from(await web.fetch(url, LIMITS))).toEqual(PHOTO);
    expect(asked).toHaveLength(1);
    expect((await failureOf(web.fetch(url, LIMITS))).code).toBe('INGEST.URL_NOT_ALLOWED');
    expect(asked).toHaveLength(2);
    expect(server.connections()).toBe(1);
  });
});

describe('redirects', () => {
  const redirecting = (to: (path: string) => string | undefined) =>
    serve((request, response) => {
      const location = to(request.url!);
      if (location === undefined) response.end(PHOTO);
      else response.writeHead(302, { location, 'set-cookie': 'a=b' }).end('a body that nobody reads');
    });

  it('are followed three times, each host looked up once and told nothing', async () => {
    const next: Record<string, string> = { '/1': '//b.example/2', '/2': '//c.example/3', '/3': '/4?x=y' };
    const server = await redirecting((path) => next[path]?.replace('.example', `.example:${server.port}`));
    const { resolve, asked } = resolver(['127.0.0.1']);
    const photo = await fetcher({ resolve }).fetch(`http://a.example:${server.port}/1`, LIMITS);
    expect(Buffer.from(photo)).toEqual(PHOTO);
    expect(asked).toEqual(['a.example', 'b.example', 'c.example', 'c.example']);
    expect(server.requests.map(({ url }) => url)).toEqual(['/1', '/2', '/3', '/4?x=y']);
    for (const { headers } of server.requests) {
      expect(headers).not.toHaveProperty('cookie');
      expect(headers).not.toHaveProperty('referer');
    }
  });

  it('are not followed for ever', async () => {
    const server = await redirecting((path) => `${path}+`);
    const failure = await failureOf(fetcher({ maxRedirects: 2 }).fetch(server.url('/'), LIMITS));
    expect(failure).toMatchObject({ code: 'INGEST.URL_NOT_ALLOWED', retry: 'never' });
    expect(failure.message).toBe(`${server.url('/')} redirects more than 2 times.`);
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    ['http://169.254.169.254/latest/meta-data', 'is not on a public host'],
    ['http://[fd00:ec2::254]/', 'is not on a public host'],
    ['http://2130706434/', 'is not on a public host'],
    ['http://10.0.0.1/', 'is not on a public host'],
    ['http://ann:hunter2@127.0.0.1/', 'carries a user name or a password'],
    ['file:///etc/passwd', 'is no web address'],
    ['http://[', 'cannot be read as a URL'],
  ])('to %s are refused', async (location, why) => {
    const server = await redirecting(() => location);
    const failure = await failureOf(fetcher().fetch(server.url('/a.jpg'), LIMITS));
    expect(failure).toMatchObject({ code: 'INGEST.URL_NOT_ALLOWED', retry: 'never' });
    expect(failure.message).toBe(`${server.url('/a.jpg')} redirects to a URL that ${why}.`);
  });
});
