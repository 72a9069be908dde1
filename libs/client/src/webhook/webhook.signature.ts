/** What checks signatures: `crypto.subtle` of browsers, Deno, Bun and Node. */
export type Subtle = typeof globalThis.crypto.subtle;

type Bytes = Uint8Array<ArrayBuffer>;

const ALGORITHM = { name: 'HMAC', hash: 'SHA-256' } as const;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** Of SHA-256. */
const DIGEST_BYTES = 32;

/** @throws TypeError when this machine offers none */
export function subtleOf(given: Subtle | undefined): Subtle {
  const { crypto } = globalThis as { readonly crypto?: { readonly subtle?: Subtle } };
  const subtle = given ?? crypto?.subtle;
  if (subtle !== undefined) return subtle;
  throw new TypeError("There is no crypto.subtle here: on Node 18 give `subtle: webcrypto.subtle` of 'node:crypto'.");
}

/** The key of a secret, `whsec_` and base64. @throws TypeError, which does not repeat it, when it is none */
export function keyOf(secret: string): Bytes {
  const key = decoded(secret.replace(/^whsec_/, ''));
  if (key !== undefined && key.length > 0) return key;
  throw new TypeError(
    'A webhook secret is not `whsec_` and base64: give it as it was shown when the endpoint was made.',
  );
}

/** The signatures of version 1; others are passed over, since versions to come stand beside them. */
export function signaturesOf(header: string): Bytes[] {
  return header.split(' ').flatMap((signature) => {
    const bytes = signature.startsWith('v1,') ? decoded(signature.slice('v1,'.length)) : undefined;
    return bytes?.length === DIGEST_BYTES ? [bytes] : [];
  });
}

/** Whether one of the keys made one of the signatures. Comparing takes as long wherever they differ: WebCrypto does it. */
export async function isSigned(
  subtle: Subtle,
  keys: readonly Bytes[],
  signatures: readonly Bytes[],
  signed: Bytes,
): Promise<boolean> {
  for (const bytes of keys) {
    const key = await subtle.importKey('raw', bytes, ALGORITHM, false, ['verify']);
    for (const signature of signatures) {
      if (await subtle.verify(ALGORITHM.name, key, signature, signed)) return true;
    }
  }
  return false;
}

function decoded(base64: string): Bytes | undefined {
  if (!BASE64.test(base64)) return undefined;
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
