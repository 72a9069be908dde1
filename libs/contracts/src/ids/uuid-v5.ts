import { createHash } from 'node:crypto';

/** Namespace of every id Facelane derives; a random UUID fixed once and never changed. */
const FACELANE_NAMESPACE = Buffer.from('6f1d0c1e4b7a4d0e9a51c3f2d8e7b604', 'hex');

/**
 * Name-based UUID, version 5 (RFC 9562, section 5.5), over length-prefixed parts.
 *
 * The length prefix keeps ('ab', 'c') and ('a', 'bc') apart, so two different things never share an id.
 */
export function uuidV5(...parts: readonly string[]): string {
  const hash = createHash('sha1').update(FACELANE_NAMESPACE);
  for (const part of parts) hash.update(`${String(Buffer.byteLength(part))}:`).update(part);
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
