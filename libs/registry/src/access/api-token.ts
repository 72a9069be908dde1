import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a caller of the API shows: `fl_<tenant>_<key id>_<secret>`. Tenants have no underscore, so it reads one way. */
export interface ApiToken {
  readonly tenant: string;
  /** Of the key, 16 hex digits. */
  readonly id: string;
  /** 256 random bits, 43 characters of base64url. */
  readonly secret: string;
}

const TOKEN = /^fl_(?<tenant>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)_(?<id>[0-9a-f]{16})_(?<secret>[A-Za-z0-9_-]{43})$/;
const ID_BYTES = 8;
const SECRET_BYTES = 32;

export function newToken(tenant: string): ApiToken {
  return {
    tenant,
    id: randomBytes(ID_BYTES).toString('hex'),
    secret: randomBytes(SECRET_BYTES).toString('base64url'),
  };
}

export function tokenText({ tenant, id, secret }: ApiToken): string {
  return `fl_${tenant}_${id}_${secret}`;
}

/** Undefined for what is no token; whether there is such a key is another question. */
export function parseToken(text: string): ApiToken | undefined {
  const { tenant, id, secret } = TOKEN.exec(text)?.groups ?? {};
  return tenant === undefined || id === undefined || secret === undefined ? undefined : { tenant, id, secret };
}

/** Of the text, not of the bytes it encodes: its last character has spare bits, so several texts encode the same. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Takes as long for a wrong secret as for the right one. `hash` is a SHA-256 digest in hex. */
export function hasHash(secret: string, hash: string): boolean {
  return timingSafeEqual(Buffer.from(hashOfSecret(secret), 'hex'), Buffer.from(hash, 'hex'));
}
