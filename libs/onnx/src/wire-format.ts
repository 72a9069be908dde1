/**
 * Just enough of the protocol buffers wire format to write messages, to rewrite fields inside one, and to copy all others unread
 * (https://protobuf.dev/programming-guides/encoding). Why not a library: docs/decisions/0003.
 */
const VARINT = 0;
const FIXED_64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

export interface WireField {
  readonly number: number;
  readonly wireType: number;
  /** The whole field, tag included. */
  readonly raw: Uint8Array;
  /** Value bytes: the contents of a length-delimited field, else the value as encoded. */
  readonly payload: Uint8Array;
}

/** @throws RangeError when the bytes are not a message. */
export function readFields(message: Uint8Array): WireField[] {
  const fields: WireField[] = [];
  for (let at = 0; at < message.length;) {
    const tag = readVarint(message, at);
    const wireType = tag.value & 7;
    const value = valueRange(message, tag.end, wireType);
    if (value.end > message.length) throw new RangeError('The message is cut short.');
    fields.push({
      number: tag.value >>> 3,
      wireType,
      raw: message.subarray(at, value.end),
      payload: message.subarray(value.start, value.end),
    });
    at = value.end;
  }
  return fields;
}

/** Contents of every field with this number. */
export function payloads(message: Uint8Array, number: number): Uint8Array[] {
  return readFields(message)
    .filter((field) => field.number === number)
    .map((field) => field.payload);
}

/** Contents of a length-delimited field as text; empty when it is absent. */
export const textOf = (message: Uint8Array, number: number): string =>
  Buffer.from(payloads(message, number).at(-1) ?? []).toString('utf8');

/**
 * The message with the contents of some length-delimited fields replaced. An edit gets the old contents and the
 * field's position among those of its number, and returns the new contents.
 */
export function editMessage(
  message: Uint8Array,
  edits: Readonly<Record<number, (contents: Uint8Array, index: number) => Uint8Array>>,
): Uint8Array {
  const seen = new Map<number, number>();
  const parts = readFields(message).map((field) => {
    const edit = edits[field.number];
    if (edit === undefined || field.wireType !== LENGTH_DELIMITED) return field.raw;
    const index = seen.get(field.number) ?? 0;
    seen.set(field.number, index + 1);
    return lengthDelimited(field.number, edit(field.payload, index));
  });
  return Buffer.concat(parts);
}

export function lengthDelimited(number: number, contents: Uint8Array): Uint8Array {
  return Buffer.concat([writeVarint(number * 8 + LENGTH_DELIMITED), writeVarint(contents.length), contents]);
}

export const varintField = (number: number, value: number): Uint8Array =>
  Buffer.concat([writeVarint(number * 8 + VARINT), writeVarint(value)]);

/** Value of a varint field's payload; exact up to 2^53. */
export const varintOf = (payload: Uint8Array): number => readVarint(payload, 0).value;

function valueRange(message: Uint8Array, at: number, wireType: number): { start: number; end: number } {
  switch (wireType) {
    case VARINT:
      return { start: at, end: readVarint(message, at).end };
    case FIXED_64:
      return { start: at, end: at + 8 };
    case LENGTH_DELIMITED: {
      const length = readVarint(message, at);
      return { start: length.end, end: length.end + length.value };
    }
    case FIXED_32:
      return { start: at, end: at + 4 };
    default:
      throw new RangeError(`Wire type ${wireType} at byte ${at} is not part of the format.`);
  }
}

function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } {
  let value = 0;
  for (let at = start, factor = 1; at < start + 10; at++, factor *= 128) {
    const byte = bytes[at];
    if (byte === undefined) throw new RangeError('The message is cut short.');
    value += (byte & 127) * factor;
    if (byte < 128) return { value, end: at + 1 };
  }
  throw new RangeError(`The number at byte ${start} is longer than ten bytes.`);
}

function writeVarint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} cannot be written as a varint.`);
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
