import { UsageError } from '@facelane/contracts';
import { describe, expect, it } from 'vitest';
import { AddressGuard } from './address.guard.js';

const HOST = 'photos.example';
const guard = new AddressGuard();

describe('the address guard', () => {
  it.each([
    ['an IPv4 host', '93.184.215.14'],
    ['a neighbour of a private network', '172.32.0.1'],
    ['a neighbour of the shared network', '100.128.0.1'],
    ['an IPv6 host', '2606:4700::1111'],
    ['a mapped public address', '::ffff:93.184.215.14'],
    ['a public address behind NAT64', '64:ff9b::93.184.215.14'],
  ])('allows %s', (_, address) => {
    expect(guard.allows(address, HOST)).toBe(true);
  });

  it.each([
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['loopback', '::1'],
    ['link-local', '169.254.0.1'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['unique-local', 'fc00::1'],
    ['unique-local', 'fd12:3456::1'],
    ['site-local', 'fec0::1'],
    ['shared (CGNAT)', '100.64.0.1'],
    ['metadata', '169.254.169.254'],
    ['metadata', 'fd00:ec2::254'],
    ['metadata of Azure, which looks public', '168.63.129.16'],
    ['metadata of Oracle', '192.0.0.192'],
    ['multicast', '224.0.0.1'],
    ['multicast', 'ff02::1'],
    ['reserved', '240.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['documentation', '2001:db8::1'],
    ['benchmarking', '198.18.0.1'],
    ['discard', '100::1'],
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['unspecified', '::'],
    ['broadcast', '255.255.255.255'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped metadata', '::ffff:a9fe:a9fe'],
    ['mapped private', '::ffff:10.0.0.1'],
    ['IPv4-compatible loopback', '::127.0.0.1'],
    ['translated (SIIT)', '::ffff:0:127.0.0.1'],
    ['private behind NAT64', '64:ff9b::10.0.0.1'],
    ['metadata behind NAT64', '64:ff9b::a9fe:a9fe'],
    ['NAT64 of this network', '64:ff9b:1::10.0.0.1'],
    ['6to4 of a private address', '2002:0a00:0001::1'],
    ['6to4 of a public address', '2002:5db8:d70e::1'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['not given out', '4000::1'],
    ['no address', HOST],
    ['a short form', '127.1'],
    ['a short form of a public address', '8.8'],
    ['an octal form', '0177.0.0.1'],
    ['empty', ''],
  ])('refuses %s: %s', (_, address) => {
    expect(guard.allows(address, HOST)).toBe(false);
  });
});

describe('exceptions', () => {
  it('are networks, addresses and whole host names', () => {
    const open = new AddressGuard(['10.1.0.0/16', '192.168.0.7', 'fd12::/16', 'Photos.Internal.']);
    expect(open.allows('10.1.2.3', HOST)).toBe(true);
    expect(open.allows('::ffff:10.1.2.3', HOST)).toBe(true);
    expect(open.allows('10.2.0.1', HOST)).toBe(false);
    expect(open.allows('192.168.0.7', HOST)).toBe(true);
    expect(open.allows('192.168.0.8', HOST)).toBe(false);
    expect(open.allows('fd12::1', HOST)).toBe(true);
    expect(open.allows('fd13::1', HOST)).toBe(false);
    expect(open.allows('172.16.0.1', 'photos.internal')).toBe(true);
    expect(open.allows('172.16.0.1', 'PHOTOS.internal.')).toBe(true);
    expect(open.allows('172.16.0.1', 'other.photos.internal')).toBe(false);
  });

  it('open an address that serves credentials only when they name it', () => {
    const wide = new AddressGuard(['169.254.0.0/16', 'fd00::/8', '0.0.0.0/0', 'metadata.internal']);
    expect(wide.allows('169.254.1.1', HOST)).toBe(true);
    expect(wide.allows('169.254.169.254', HOST)).toBe(false);
    expect(wide.allows('169.254.169.254', 'metadata.internal')).toBe(false);
    expect(wide.allows('::ffff:169.254.169.254', HOST)).toBe(false);
    expect(wide.allows('fd00:ec2::254', HOST)).toBe(false);
    expect(wide.allows('168.63.129.16', HOST)).toBe(false);
    expect(new AddressGuard(['169.254.169.254']).allows('169.254.169.254', HOST)).toBe(true);
  });

  it.each(['10/8', '10', '10.0.0.0/33', '10.0.0.0/', 'fd00::/129', 'a b', 'http://a', '*.internal', '-a', ''])(
    'may not be %j',
    (entry) => {
      expect(() => new AddressGuard([entry])).toThrow(UsageError);
    },
  );
});
