import { expect, it } from 'vitest';
import { luma } from './luma.js';

it('weighs the channels by ITU-R BT.601', () => {
  const grey = luma({ width: 4, height: 1, data: Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 200, 200, 200) });
  [76.245, 149.685, 29.07, 200].forEach((value, index) => expect(grey.data[index]).toBeCloseTo(value, 3));
});
