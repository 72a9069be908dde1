import { describe, expect, it } from 'vitest';
import { decodeReply, encodeCommand } from './resp.js';

const decode = (text: string): unknown => decodeReply(Buffer.from(text))?.reply;

describe('encodeCommand', () => {
  it('counts bytes, not characters', () => {
    expect(encodeCommand(['GET', 'é'])).toBe('*2\r\n$3\r\nGET\r\n$2\r\né\r\n');
  });
});

describe('decodeReply', () => {
  it('reads every kind of reply', () => {
    expect(decode('+PONG\r\n')).toBe('PONG');
    expect(decode(':12\r\n')).toBe(12);
    expect(decode('$5\r\na\r\nbc\r\n')).toBe('a\r\nbc');
    expect(decode('$-1\r\n')).toBeNull();
    expect(decode('*2\r\n$1\r\na\r\n*1\r\n:1\r\n')).toEqual(['a', [1]]);
    expect(decode('-NOAUTH no\r\n')).toEqual(new Error('NOAUTH no'));
  });

  it('waits for the rest of a reply wherever it is cut', () => {
    const whole = '*2\r\n$3\r\ndir\r\n$4\r\n/tmp\r\n';
    for (let length = 0; length < whole.length; length++) expect(decode(whole.slice(0, length))).toBeUndefined();
    expect(decode(whole)).toEqual(['dir', '/tmp']);
  });

  it('refuses what is not Redis', () => {
    expect(() => decode('HTTP/1.1 400 Bad Request\r\n')).toThrow('does not speak');
  });
});
