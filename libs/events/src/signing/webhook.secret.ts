import { randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';
/** Standard Webhooks asks for 24 to 64; as many as the digest of HMAC-SHA256 has are enough. */
const SECRET_BYTES = 32;
const [FEWEST_BYTES, MOST_BYTES] = [24, 64];
/** One way to write some bytes: what is decoded leniently is signed with another key than the receiver's. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A new secret of a webhook endpoint: `whsec_` and the base64 of 32 random bytes. */
export function makeSecret(): string {
  return `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** Whether the text is `whsec_` and the base64 of 24 to 64 bytes. */
export function isSecret(text: string): boolean {
  const encoded = text.slice(PREFIX.length);
  if (!text.startsWith(PREFIX) || !BASE64.test(encoded)) return false;
  const { byteLength } = Buffer.from(encoded, 'base64');
  return byteLength >= FEWEST_BYTES && byteLength <= MOST_BYTES;
}
