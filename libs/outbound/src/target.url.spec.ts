import { describe, expect, it } from 'vitest';
import { AddressGuard } from './address.guard.js';
import { parseTarget } from './target.url.js';

const strict = { allowHttp: false };
const plain = { allowHttp: true };

describe('a URL that somebody else chose', () => {
  it.each([
    ['a.jpg', 'cannot be read as a URL'],
    ['https://', 'cannot be read as a URL'],
    ['https://[::1', 'cannot be read as a URL'],
    ['https://1.2.3.4.5/', 'cannot be read as a URL'],
    ['file:///etc/passwd', 'is no web address'],
    ['ftp://cdn.example/a.jpg', 'is no web address'],
    ['data:image/png;base64,AAAA', 'is no web address'],
    ['gopher://cdn.example/', 'is no web address'],
    ['http://cdn.example/a.jpg', 'uses http where https is required'],
    ['https://ann@cdn.example/a.jpg', 'carries a user name or a password'],
    ['https://ann:hunter2@cdn.example/a.jpg', 'carries a user name or a password'],
    ['https://cdn.example@10.0.0.1/a.jpg', 'carries a user name or a password'],
  ])('is refused: %s %s', (text, message) => {
    expect(() => parseTarget(text, strict)).toThrow(expect.objectContaining({ name: 'ForbiddenTargetError', message }));
  });

  it('may be http where that is allowed, but not after https', () => {
    const from = new URL('https://cdn.example/a/b.jpg');
    expect(parseTarget('http://cdn.example/a.jpg', plain).href).toBe('http://cdn.example/a.jpg');
    expect(parseTarget('http://cdn.example/', { allowHttp: true, from: new URL('http://a/') }).protocol).toBe('http:');
    expect(() => parseTarget('http://cdn.example/a.jpg', { allowHttp: true, from })).toThrow('down to http');
    expect(parseTarget('../c.jpg?x=1', { allowHttp: false, from }).href).toBe('https://cdn.example/c.jpg?x=1');
    expect(parseTarget('//other.example/c.jpg', { allowHttp: false, from }).href).toBe('https://other.example/c.jpg');
  });

  it('loses the dot at the end of its host, and nothing else', () => {
    expect(parseTarget('https://CDN.example.:8443/a.jpg?b#c', strict).href).toBe('https://cdn.example:8443/a.jpg?b#c');
  });

  it.each([
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://017700000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://127.0.0.1./',
    'http://%31%32%37.0.0.1/',
    'http://１２７.0.0.1/',
    'http://127。0。0。1/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[0:0:0:0:0:ffff:7f00:1]/',
    'http:\\\\127.0.0.1\\',
    'http:127.0.0.1',
  ])('names an address that the guard refuses in any spelling: %s', (text) => {
    const { hostname } = parseTarget(text, plain);
    const host = hostname.replaceAll(/[[\]]/g, '');
    expect(host).toMatch(/^127\.0\.0\.1$|^::/);
    expect(new AddressGuard().allows(host, host)).toBe(false);
  });
});
