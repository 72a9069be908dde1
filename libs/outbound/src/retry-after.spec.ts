import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.js';

const NOW = Date.parse('2026-01-02T03:04:05Z');

describe('retryAfterMs', () => {
  it.each([
    ['7', 7000],
    ['3600', 3_600_000],
    ['86400', 3_600_000],
    ['99999999999999999999', 3_600_000],
    ['Fri, 02 Jan 2026 03:04:15 GMT', 10_000],
    ['Sat, 02 Jan 2027 03:04:05 GMT', 3_600_000],
    ['Fri, 02 Jan 2026 03:04:00 GMT', undefined],
    ['0', undefined],
    ['-1', undefined],
    ['soon', undefined],
    ['soon GMT', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('reads %j as %j', (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });
});
