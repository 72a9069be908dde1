import { afterEach, describe, expect, it } from 'vitest';
import { GuardedPoster, type PosterOptions, type Posting } from './guarded.poster.js';
import { resolver, useStrangers } from './testing/strangers.js';

const { serve } = useStrangers();
const made: GuardedPoster[] = [];
afterEach(() => Promise.all(made.splice(0).map((poster) => poster.close())));

const poster = (options?: PosterOptions): GuardedPoster => {
  const one = new GuardedPoster({ allowHttp: true, allow: ['127.0.0.1'], ...options });
  made.push(one);
  return one;
};
const POSTING: Posting = {
  headers: { a: 'b' },
  body: '{"ä":1}',
  signal: new AbortController().signal,
  excerptBytes: 8,
};

describe('a posted body', () => {
  it('arrives with its headers, and the answer is told with what it began with', async () => {
    let body = '';
    const server = await serve((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.once('end', () => response.writeHead(429, { 'retry-after': '7' }).end('ä'.repeat(1_000)));
    });
    const posted = await poster().post(server.url('/hook?x=1'), POSTING);
    expect(posted).toEqual({ outcome: 'answered', status: 429, excerpt: 'ääää', retryAfterMs: 7_000 });
    expect(body).toBe(POSTING.body);
    expect(server.requests[0]).toMatchObject({ method: 'POST', url: '/hook?x=1', headers: { a: 'b' } });
  });

  it('is not posted again where a redirect leads', async () => {
    const server = await serve((_request, response) => response.writeHead(307, { location: '/else' }).end());
    expect(await poster().post(server.url('/'), POSTING)).toMatchObject({ outcome: 'answered', status: 307 });
    expect(server.requests).toHaveLength(1);
  });

  it('is taken when the status says so, although the answer never ends', async () => {
    const server = await serve((_request, response) => void response.writeHead(200).write('on'));
    expect(await poster().post(server.url('/'), POSTING)).toMatchObject({ status: 200, excerpt: 'on' });
  });

  it.each([
    ['a private address', { allow: [] }, 'is not on a public host'],
    [
      'a name with a private address',
      { allow: [], resolve: resolver(['10.0.0.1']).resolve },
      'is not on a public host',
    ],
    ['plain http', { allowHttp: false }, 'uses http where https is required'],
  ])('does not leave for %s', async (what, options, message) => {
    const server = await serve((_request, response) => response.end());
    const url = what.startsWith('a name') ? 'http://hooks.example/' : server.url('/');
    expect(await poster(options).post(url, POSTING)).toEqual({ outcome: 'forbidden', message });
    expect(server.connections()).toBe(0);
  });

  it('is given up after the timeout, when the connection breaks, and when the caller gives up', async () => {
    const silent = await serve(() => undefined);
    const message = 'did not answer within 0.05 s';
    expect(await poster({ timeoutMs: 50 }).post(silent.url('/'), POSTING)).toEqual({ outcome: 'timeout', message });
    const broken = await serve((_request, response) => void response.destroy());
    expect(await poster().post(broken.url('/'), POSTING)).toMatchObject({ outcome: 'unreachable' });
    const reason = new Error('enough');
    await expect(poster().post(silent.url('/'), { ...POSTING, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });
});
