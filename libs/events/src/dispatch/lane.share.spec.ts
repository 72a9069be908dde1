import { expect, it } from 'vitest';
import { LaneShare } from './lane.share.js';

it('so many deliveries of an endpoint a second go ahead, and the rest is bulk, whatever others are sent', () => {
  const share = new LaneShare();
  const ahead = (endpoint: string, count: number, now: number): number =>
    Array.from({ length: count }, () => share.laneOf(endpoint, now)).filter((lane) => lane === 'interactive').length;
  expect(ahead('flooded', 1_000, 0)).toBe(20);
  expect(ahead('other', 3, 0)).toBe(3);
  expect(ahead('flooded', 1_000, 500)).toBe(10);
  expect(ahead('flooded', 1_000, 60_000)).toBe(20);
});
