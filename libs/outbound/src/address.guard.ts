import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { type Address, exceptionFor, type Exceptions, parseExceptions, plainHost } from './exceptions.js';

/** IPv6 addresses that are given out at all (IANA, "IPv6 Global Unicast Address Assignments"). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** Through this prefix a NAT64 gateway reaches the IPv4 address in the last 32 bits (RFC 6052). */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * Where clouds hand credentials to whoever asks. The last one, of Azure, looks public; the others lie in networks that
 * an operator may allow as a whole for another reason.
 */
const METADATA = ['169.254.169.254', '100.100.100.200', 'fd00:ec2::254', 'fd20:ce::254', '168.63.129.16'].map((text) =>
  ipaddr.parse(text).toNormalizedString(),
);

/**
 * Decides which addresses may be connected to when somebody else named the host: those of the public internet, and
 * what the operator allows. Everything else is refused, known or not: private, loopback, link-local, shared (CGNAT),
 * unique-local, multicast, broadcast, reserved, documentation, 6to4, Teredo.
 */
export class AddressGuard {
  readonly #exceptions: Exceptions;

  /**
   * @param allow Host names (the whole name, no patterns), addresses and networks that need not be public. An address
   * that serves cloud credentials is opened only by an entry for it alone.
   * @throws UsageError for an entry that is none of these.
   */
  constructor(allow: readonly string[] = []) {
    this.#exceptions = parseExceptions(allow);
  }

  /** Whether `address`, as a resolver gave it for `host` or as it stands in the URL itself, may be connected to. */
  allows(address: string, host: string): boolean {
    if (isIP(address) === 0) return false;
    const reached = embedded(ipaddr.parse(address));
    const bits = exceptionFor(reached, this.#exceptions);
    if (METADATA.includes(reached.toNormalizedString())) return bits === reached.toByteArray().length * 8;
    return isPublic(reached) || bits !== undefined || this.#exceptions.hosts.has(plainHost(host));
  }
}

/** The IPv4 address that packets to a mapped or NAT64 address end at; any other address itself. */
function embedded(address: Address): Address {
  if (address instanceof ipaddr.IPv4) return address;
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (address.match(NAT64)) return new ipaddr.IPv4(address.toByteArray().slice(-4));
  return address;
}

/** 'unicast' is what the library calls an address in none of the special ranges it knows. */
function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_UNICAST);
}
