import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../testing/identities.js';
import { openKernel } from './dot.kernel.js';

const QUERY = 0;
const OUT = 8192;
const VECTORS = 16_384;

/** Runs the kernel on `vectors` and a query, all of `stride` numbers. */
function dots(vectors: readonly Int8Array[], query: Int16Array, stride: number): number[] {
  const { memory, dots: run } = openKernel(2);
  new Int16Array(memory.buffer, QUERY).set(query);
  vectors.forEach((vector, at) => new Int8Array(memory.buffer, VECTORS + at * stride).set(vector));
  run(VECTORS, vectors.length, stride, QUERY, OUT);
  return [...new Int32Array(memory.buffer, OUT, vectors.length)];
}

describe('the dot kernel', () => {
  it.each([16, 32, 128, 512, 1040])('sums the products of %d numbers', (stride) => {
    const random = seededRandom(stride);
    const query = Int16Array.from({ length: stride }, () => Math.floor(random() * 2001) - 1000);
    const vectors = Array.from({ length: 37 }, () =>
      Int8Array.from({ length: stride }, () => Math.floor(random() * 256) - 128),
    );
    const expected = vectors.map((vector) => vector.reduce((sum, value, at) => sum + value * query[at]!, 0));
    expect(dots(vectors, query, stride)).toEqual(expected);
  });

  it('sums the largest numbers without wrapping round', () => {
    const query = new Int16Array(512).fill(-32_767);
    const vectors = [new Int8Array(512).fill(127), new Int8Array(512).fill(-127)];
    expect(dots(vectors, query, 512)).toEqual([-127 * 32_767 * 512, 127 * 32_767 * 512]);
  });

  it('keeps kernels apart', () => {
    const [one, other] = [openKernel(1), openKernel(1)];
    new Uint8Array(one.memory.buffer).fill(7);
    expect(new Uint8Array(other.memory.buffer).some((byte) => byte !== 0)).toBe(false);
  });
});
