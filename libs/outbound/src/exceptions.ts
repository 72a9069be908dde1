import { isIP } from 'node:net';
import { UsageError } from '@facelane/contracts';
import ipaddr from 'ipaddr.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Its first address, and how many of its leading bits count. */
type Network = [Address, number];

/** What an operator allows besides the public internet. */
export interface Exceptions {
  readonly hosts: ReadonlySet<string>;
  readonly networks: readonly Network[];
}

/** @throws UsageError for an entry that is neither a host name nor an address nor a network such as `10.0.0.0/8`. */
export function parseExceptions(entries: readonly string[]): Exceptions {
  const hosts = new Set<string>();
  const networks: Network[] = [];
  for (const entry of entries) {
    if (isIP(entry) !== 0) networks.push(parseNetwork(`${entry}/${isIP(entry) === 4 ? 32 : 128}`));
    else if (entry.includes('/')) networks.push(parseNetwork(entry));
    else hosts.add(parseHost(entry));
  }
  return { hosts, networks };
}

/** How many bits the narrowest exception for the address has; undefined when there is none. */
export function exceptionFor(address: Address, { networks }: Exceptions): number | undefined {
  const bits = networks
    .filter(([first, length]) => first.kind() === address.kind() && address.match(first, length))
    .map(([, length]) => length);
  return bits.length === 0 ? undefined : Math.max(...bits);
}

/** A host name as it is compared: lower case, without the last dot. */
export const plainHost = (host: string): string => host.toLowerCase().replace(/\.$/, '');

function parseNetwork(entry: string): Network {
  const [address = '', length = ''] = entry.split('/');
  // Strict on purpose: the library also reads `10/8`, as 0.0.0.10/8.
  if (isIP(address) === 0 || !/^\d+$/.test(length) || !ipaddr.isValidCIDR(entry)) throw unreadable(entry);
  return ipaddr.parseCIDR(entry);
}

function parseHost(entry: string): string {
  const host = plainHost(entry);
  if (!/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(host) || /^[\d.]+$/.test(host)) throw unreadable(entry);
  return host;
}

function unreadable(entry: string): UsageError {
  return new UsageError(
    `${JSON.stringify(entry)} is neither a host name nor a network.`,
    'Allow a host by its full name (photos.internal), an address (10.0.0.5) or a network (10.0.0.0/8).',
  );
}
