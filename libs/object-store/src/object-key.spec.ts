import { describe, expect, it } from 'vitest';
import { checkKey, checkPrefix, checkReadableKey, compareKeys } from './object-key.js';

describe('compareKeys', () => {
  it('orders as the UTF-8 bytes do, also where surrogate pairs meet U+E000 and up', () => {
    const samples = [
      '',
      'a',
      'a/',
      'a/b',
      'ab',
      'A',
      'é',
      'e\u0301',
      '\u{1f600}',
      '\u{10ffff}',
      '\uffff',
      '\ue000',
      '\ud7ff',
      '写',
    ];
    const keys = samples.flatMap((one) => samples.map((two) => one + two));
    const byBytes = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(keys.toSorted(compareKeys)).toEqual(byBytes);
  });
});

describe('keys', () => {
  it('may be read where they may not be written, but never with dot segments', () => {
    for (const key of ['a//b', '/a', 'a/']) {
      expect(() => checkKey(key)).toThrow('segment');
      expect(() => checkReadableKey(key)).not.toThrow();
    }
    for (const key of ['..', 'a/../b', './a', '', 'a\u0000']) expect(() => checkReadableKey(key)).toThrow();
  });

  it('have prefixes that end anywhere', () => {
    for (const prefix of ['', 'a', 'a/', 'a/b', 'a/.', '.']) expect(() => checkPrefix(prefix)).not.toThrow();
    for (const prefix of ['/', '../', 'a//', 'a/../b', 'a\u0000']) expect(() => checkPrefix(prefix)).toThrow();
  });
});
