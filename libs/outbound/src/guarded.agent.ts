import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { AddressGuard } from './address.guard.js';
import { notPublic } from './forbidden-target.error.js';

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export interface GuardedAgentOptions {
  readonly guard: AddressGuard;
  /** Default: the system's resolver. */
  readonly resolve?: Resolve | undefined;
  /** For a connection with its TLS handshake, milliseconds. */
  readonly connectTimeoutMs: number;
  /** Certificates (PEM) trusted instead of Node's own list. */
  readonly ca?: string | undefined;
}

/**
 * Connections to hosts that somebody else named. The guard sits in the lookup of the connection itself: the addresses
 * that were judged are the ones that are connected to, so a resolver that answers differently the next time has no
 * next time. TLS still asks for, and checks the certificate of, the host name. HTTP/1.1 only, no proxies.
 *
 * Requests fail with ForbiddenTargetError when the host is not allowed.
 */
export function guardedAgent({ guard, resolve = resolveAll, connectTimeoutMs, ca }: GuardedAgentOptions): Agent {
  const connect = buildConnector({
    timeout: connectTimeoutMs,
    allowH2: false,
    lookup: guardedLookup(guard, resolve),
    ...(ca !== undefined && { ca }),
  });
  // An address in the URL is connected to without a lookup.
  const allowed = (host: string): boolean => isIP(host) === 0 || guard.allows(host, host);
  return new Agent({
    // The socket that `connect` returns is how undici cancels a connection that nobody waits for any more.
    connect: (target, callback) =>
      allowed(target.hostname) ? connect(target, callback) : queueMicrotask(() => callback(notPublic(), null)),
  });
}

const resolveAll: Resolve = (host) => lookup(host, { all: true });

function guardedLookup(guard: AddressGuard, resolve: Resolve): LookupFunction {
  return (host, { all }, callback) => {
    judgedAddresses(host, guard, resolve).then(
      (addresses) => {
        if (all === true) callback(null, addresses);
        else callback(null, addresses[0]!.address, addresses[0]!.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, []),
    );
  };
}

/**
 * One forbidden address among several refuses the host: a public name with a private address is an attack or a
 * mistake, and with a choice among the rest it would depend on chance which of the two gets through.
 */
async function judgedAddresses(host: string, guard: AddressGuard, resolve: Resolve): Promise<LookupAddress[]> {
  const addresses = [...(await resolve(host))];
  if (addresses.length === 0) throw Object.assign(new Error('The host name has no address.'), { code: 'ENOTFOUND' });
  if (!addresses.every(({ address }) => guard.allows(address, host))) throw notPublic();
  return addresses;
}
