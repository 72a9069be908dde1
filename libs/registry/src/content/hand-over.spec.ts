import { expect, it } from 'vitest';
import { HandOver } from './hand-over.js';

const bytes = (length: number): Uint8Array => new Uint8Array(length);

it('hands an object out once', () => {
  const handOver = new HandOver(10);
  const object = bytes(4);
  handOver.offer('a', object);
  expect(handOver.take('a')).toBe(object);
  expect(handOver.take('a')).toBeUndefined();
});

it('lets the oldest give way, and counts a repeated offer once', () => {
  const handOver = new HandOver(10);
  handOver.offer('a', bytes(4));
  handOver.offer('a', bytes(4));
  handOver.offer('b', bytes(4));
  expect(handOver.take('a')).toBeDefined();
  handOver.offer('c', bytes(4));
  handOver.offer('d', bytes(4));
  expect(handOver.take('b')).toBeUndefined();
  expect(handOver.take('c')).toBeDefined();
  expect(handOver.take('d')).toBeDefined();
});

it('refuses what has no room, and everything by default', () => {
  const handOver = new HandOver(10);
  handOver.offer('a', bytes(4));
  handOver.offer('b', bytes(11));
  expect(handOver.take('b')).toBeUndefined();
  expect(handOver.take('a')).toBeDefined();
  const none = new HandOver();
  none.offer('a', bytes(1));
  expect(none.take('a')).toBeUndefined();
});

it('keeps what is too old to itself', () => {
  const handOver = new HandOver(10, 0);
  handOver.offer('a', bytes(4));
  expect(handOver.take('a')).toBeUndefined();
});
