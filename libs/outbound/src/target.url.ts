import { ForbiddenTargetError } from './forbidden-target.error.js';

export interface TargetRules {
  /** Whether plain http is spoken too. */
  readonly allowHttp: boolean;
  /** The URL that redirected here; a relative `text` is relative to it. */
  readonly from?: URL;
}

/**
 * Reads a URL that somebody else chose. The WHATWG parser has turned decimal, octal, hexadecimal and short forms of
 * IPv4 into four numbers by then (`http://2130706433/` is 127.0.0.1), so the address guard sees one form only.
 *
 * @throws ForbiddenTargetError for what is no URL, another scheme, a step down from https, and a user or password in
 * the URL: dropping those silently would end as a 401 that nobody understands, and sending them on a redirect would
 * hand them to another host.
 */
export function parseTarget(text: string, { allowHttp, from }: TargetRules): URL {
  const url = URL.parse(text, from?.href);
  if (url === null) throw new ForbiddenTargetError('cannot be read as a URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new ForbiddenTargetError('is no web address');
  if (url.protocol === 'http:' && from?.protocol === 'https:') {
    throw new ForbiddenTargetError('leads from https down to http');
  }
  if (url.protocol === 'http:' && !allowHttp) throw new ForbiddenTargetError('uses http where https is required');
  if (url.username !== '' || url.password !== '') throw new ForbiddenTargetError('carries a user name or a password');
  // `example.com.` is the same host, but certificates and TLS server names (RFC 6066, section 3) have no last dot.
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  return url;
}
