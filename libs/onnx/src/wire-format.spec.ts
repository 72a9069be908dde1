import { describe, expect, it } from 'vitest';
import { editMessage, lengthDelimited, payloads, readFields, textOf, varintOf } from './wire-format.js';

// Field 1 = varint 300, field 2 = fixed64, field 3 = "abc", field 3 = "", field 4 = fixed32.
const message = Buffer.from([8, 0xac, 2, 17, 1, 2, 3, 4, 5, 6, 7, 8, 26, 3, 97, 98, 99, 26, 0, 37, 9, 9, 9, 9]);

describe('the wire format', () => {
  it('reads every kind of field', () => {
    expect(readFields(message).map(({ number, wireType }) => [number, wireType])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
      [3, 2],
      [4, 5],
    ]);
    expect(varintOf(payloads(message, 1)[0]!)).toBe(300);
    expect(payloads(message, 3).map((contents) => Buffer.from(contents).toString())).toEqual(['abc', '']);
    expect(textOf(message, 9)).toBe('');
  });

  it('copies what no edit names, byte for byte', () => {
    expect(editMessage(message, {})).toEqual(message);
    expect(editMessage(message, { 3: (contents) => contents })).toEqual(message);
  });

  it('replaces contents of another length', () => {
    const long = Buffer.alloc(300, 'x');
    const edited = editMessage(message, { 3: (contents, index) => (index === 1 ? long : contents) });
    expect(payloads(edited, 3).map(({ length }) => length)).toEqual([3, 300]);
    expect(payloads(edited, 4)).toEqual(payloads(message, 4));
  });

  it('writes lengths of several bytes', () => {
    const [field] = readFields(lengthDelimited(200, Buffer.alloc(20_000)));
    expect([field!.number, field!.payload.length]).toEqual([200, 20_000]);
  });

  it.each([
    ['cut inside a value', message.subarray(0, 15)],
    ['cut inside a length', Buffer.from([26])],
    ['an unknown wire type', Buffer.from([11, 0])],
    ['a number without end', Buffer.alloc(12, 0xff)],
  ])('refuses %s', (_case, bytes) => {
    expect(() => readFields(bytes)).toThrow(RangeError);
  });
});
