import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LargestValues } from './largest.values.js';

it('knows the count-th largest of any numbers, and none before there are as many', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true })), fc.integer({ min: 1, max: 12 }), (values, count) => {
      const largest = new LargestValues(count);
      values.forEach((value, at) => {
        largest.offer(value);
        const sorted = values.slice(0, at + 1).sort((a, b) => b - a);
        expect(largest.least + 0).toBe((sorted[count - 1] ?? -Infinity) + 0);
      });
    }),
  );
});
