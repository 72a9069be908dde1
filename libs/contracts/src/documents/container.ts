/**
 * Binary objects of the pipeline: a JSON header, then raw bytes. One object holds all faces of a photo, so a stage
 * reads and writes one thing, and the header travels with the pixels or vectors that it describes.
 *
 * Layout: magic `FLN1` (4 bytes), header length (uint32 LE), header (UTF-8 JSON), zero padding to a multiple of 8
 * (so that float data can be viewed in place), payload to the end.
 */
const MAGIC = 0x314e4c46;
const PREFIX_BYTES = 8;

export function encodeContainer(header: unknown, payload: Uint8Array): Uint8Array {
  const json = Buffer.from(JSON.stringify(header));
  const start = payloadStart(json.byteLength);
  const bytes = new Uint8Array(start + payload.byteLength);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, json.byteLength, true);
  bytes.set(json, PREFIX_BYTES);
  bytes.set(payload, start);
  return bytes;
}

/** @throws RangeError when the bytes are not a container or are cut short before the payload. */
export function decodeContainer(bytes: Uint8Array): { header: unknown; payload: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < PREFIX_BYTES || view.getUint32(0, true) !== MAGIC) {
    throw new RangeError('These bytes are not a Facelane container.');
  }
  const headerBytes = view.getUint32(4, true);
  const start = payloadStart(headerBytes);
  if (start > bytes.byteLength) throw new RangeError('The container is cut short.');
  const json = Buffer.from(bytes.buffer, bytes.byteOffset + PREFIX_BYTES, headerBytes).toString('utf8');
  // A copy: the payload must own an aligned buffer that can be transferred to a worker thread.
  return { header: parse(json), payload: bytes.slice(start) };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new RangeError('The container header is not JSON.', { cause: error });
  }
}

const payloadStart = (headerBytes: number): number => Math.ceil((PREFIX_BYTES + headerBytes) / 8) * 8;
