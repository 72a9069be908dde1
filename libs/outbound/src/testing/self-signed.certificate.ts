import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

export interface Certificate {
  /** PEM. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
}

/** DER (ITU-T X.690): a tag, the length, the content. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.byteLength;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const text = (tag: number, value: string): Buffer => der(tag, Buffer.from(value));
const object = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));
const extension = (id: string, value: Uint8Array): Buffer => sequence(object(id), der(0x04, value));

const ECDSA_WITH_SHA256 = sequence(object('2a8648ce3d040302')); // 1.2.840.10045.4.3.2
const RSA_WITH_SHA256 = sequence(object('2a864886f70d01010b'), der(0x05)); // 1.2.840.113549.1.1.11
const COMMON_NAME = '550403'; // 2.5.4.3
const SUBJECT_ALT_NAME = '551d11'; // 2.5.29.17
const DNS_NAME = 0x82;

/**
 * A server's certificate that vouches for itself (X.509, RFC 5280), valid for one host name until 2049, or until the
 * end of another year from 2020 to 2049.
 */
export function selfSigned(host: string, kind: 'ec' | 'rsa' = 'ec', until = 2049): Certificate {
  const { publicKey, privateKey } =
    kind === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const algorithm = kind === 'ec' ? ECDSA_WITH_SHA256 : RSA_WITH_SHA256;
  const name = sequence(der(0x31, sequence(object(COMMON_NAME), text(0x0c, host))));
  const serial = randomBytes(8);
  serial[0] = 1; // Positive, and as short as DER wants it.
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // Version 3.
    der(0x02, serial),
    algorithm,
    name,
    sequence(text(0x17, '200101000000Z'), text(0x17, `${until - 2000}1231235959Z`)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension(SUBJECT_ALT_NAME, sequence(text(DNS_NAME, host))))),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', toBeSigned, privateKey)]);
  const encoded = sequence(toBeSigned, algorithm, der(0x03, signature)).toString('base64');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${encoded.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
