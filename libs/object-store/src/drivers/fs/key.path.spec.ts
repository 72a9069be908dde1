import { describe, expect, it } from 'vitest';
import { decodeSegment, encodeSegment, objectPath } from './key.path.js';

describe('keys as paths', () => {
  it('stay readable where they are plain', () => {
    expect(objectPath('/data/facelane', 'tenants/default/photos/ab/abcd')).toBe(
      '/data/facelane/tenants/default/photos/ab/abcd+',
    );
  });

  it.each([
    'A',
    'a',
    'é',
    'e\u0301',
    '#tmp',
    'a+',
    'a=',
    'a%41',
    'con',
    'CON',
    'com1.txt',
    'a.',
    '.',
    ' ',
    '写真',
    '~',
  ])('come back from %s', (segment) => {
    const name = encodeSegment(segment);
    expect(name).toMatch(/^[a-z0-9._%-]+$/);
    expect(decodeSegment(name)).toBe(segment);
  });

  it('differ for all single characters even when case is folded', () => {
    const segments = Array.from({ length: 0x300 - 0x20 }, (_, i) => String.fromCharCode(0x20 + i));
    expect(new Set(segments.map((segment) => encodeSegment(segment).toUpperCase())).size).toBe(segments.length);
  });

  it('are not read from names that no key has', () => {
    for (const name of ['', 'A', '%7a', '%zz', 'a.', 'con', '%ff', '#tmp']) expect(decodeSegment(name)).toBeUndefined();
  });
});
