import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { failureOf, LIMITS, PHOTO, useStrangers } from './testing/strangers.js';

const { serve, fetcher } = useStrangers();

describe('limits', () => {
  it('refuses an announced size before the body comes', async () => {
    const closed = Promise.withResolvers();
    const { url } = await serve((_, response) => {
      response.on('close', closed.resolve).writeHead(200, { 'content-length': '5000000' }).flushHeaders();
    });
    const failure = await failureOf(fetcher().fetch(url('/a.jpg'), LIMITS));
    expect(failure).toMatchObject({ code: 'INGEST.TOO_LARGE', safeDetails: { limit: 1000 } });
    expect(failure.message).toBe(`${url('/a.jpg')} has 5000000 bytes; the limit is 1000.`);
    await closed.promise;
  });

  it('closes the connection of a body without an end', async () => {
    const closed = Promise.withResolvers();
    const { url } = await serve((_, response) => {
      const more = (): void => void response.write(Buffer.alloc(600), more);
      response.on('close', closed.resolve);
      more();
    });
    const failure = await failureOf(fetcher().fetch(url('/a.jpg'), LIMITS));
    expect(failure).toMatchObject({ code: 'INGEST.TOO_LARGE', safeDetails: { limit: 1000 } });
    await closed.promise;
  });

  it('takes a body of exactly the limit', async () => {
    const { url } = await serve((_, response) => void response.end(PHOTO));
    const limits = { ...LIMITS, maxBytes: PHOTO.byteLength };
    expect(await fetcher().fetch(url('/'), limits)).toHaveLength(PHOTO.byteLength);
    expect((await failureOf(fetcher().fetch(url('/'), { ...LIMITS, maxBytes: 3 }))).code).toBe('INGEST.TOO_LARGE');
  });

  it.each(['gzip', 'br', 'identity, gzip'])('refuses a body with the encoding %s', async (encoding) => {
    const bomb = gzipSync(Buffer.alloc(500_000));
    const { url } = await serve((_, response) => void response.setHeader('content-encoding', encoding).end(bomb));
    const failure = await failureOf(fetcher().fetch(url('/a.jpg'), LIMITS));
    expect(failure.code).toBe('INGEST.URL_NOT_ALLOWED');
    expect(failure.message).toContain('compressed');
  });

  const dripping: RequestListener = (_, response) => {
    const drip = setInterval(() => response.write('x'), 5);
    response.on('close', () => clearInterval(drip));
  };

  it.each([
    ['says nothing', () => undefined],
    ['never finishes', dripping],
  ] satisfies [string, RequestListener][])('gives up a server that %s', async (_, answer) => {
    const closed = Promise.withResolvers();
    const { url } = await serve((request, response) => {
      request.socket.on('close', closed.resolve);
      answer(request, response);
    });
    const failure = await failureOf(fetcher({ timeoutMs: 100 }).fetch(url('/a.jpg'), LIMITS));
    expect(failure).toMatchObject({ code: 'INGEST.URL_UNREACHABLE', retry: 'backoff' });
    expect(failure.message).toBe(`${url('/a.jpg')} did not arrive within 0.1 s.`);
    await closed.promise;
  });

  it('gives up a resolver that says nothing', async () => {
    const resolve = () => new Promise<never>(() => undefined);
    const failure = await failureOf(fetcher({ timeoutMs: 100, resolve }).fetch('http://cdn.example/', LIMITS));
    expect(failure.code).toBe('INGEST.URL_UNREACHABLE');
  });

  it('count for the redirects together', async () => {
    const server = await serve((request, response) => {
      const again = (): void => void response.writeHead(302, { location: `${request.url!}+` }).end();
      setTimeout(again, 40);
    });
    const failure = await failureOf(fetcher({ timeoutMs: 100, maxRedirects: 1000 }).fetch(server.url('/'), LIMITS));
    expect(failure.code).toBe('INGEST.URL_UNREACHABLE');
  });

  it('stops when the caller does, with his reason', async () => {
    const [asked, closed] = [Promise.withResolvers(), Promise.withResolvers()];
    const { url } = await serve((_, response) => {
      response.on('close', closed.resolve).write('half');
      asked.resolve(undefined);
    });
    const caller = new AbortController();
    const fetched = fetcher().fetch(url('/'), { ...LIMITS, signal: caller.signal });
    const reason = Object.assign(new Error('The worker is shutting down.'), { code: 'SHUTDOWN' });
    await asked.promise;
    caller.abort(reason);
    await expect(fetched).rejects.toBe(reason);
    await closed.promise;
  });

  it('end with the fetcher', async () => {
    const [asked, closed] = [Promise.withResolvers(), Promise.withResolvers()];
    const { url } = await serve((_, response) => {
      response.on('close', closed.resolve);
      asked.resolve(undefined);
    });
    const web = fetcher();
    const failure = failureOf(web.fetch(url('/'), LIMITS));
    await asked.promise;
    await web.close();
    expect((await failure).code).toBe('INGEST.URL_UNREACHABLE');
    await closed.promise;
  });
});
