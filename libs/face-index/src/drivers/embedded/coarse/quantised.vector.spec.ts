import { describe, expect, it } from 'vitest';
import { randomUnit, seededRandom } from '../../../testing/identities.js';
import { quantise } from './quantised.vector.js';

describe('quantise', () => {
  it.each([
    [127, 0.01],
    [32_767, 0.00005],
  ])('says in %d levels how long the rest is that it leaves out', (levels, most) => {
    const random = seededRandom(levels);
    for (let times = 0; times < 20; times += 1) {
      const unit = randomUnit(512, random);
      const codes = new Int16Array(512);
      // Vectors may be off unit length by a thousandth; the rest is that of the unit vector.
      const { scale, error } = quantise(
        unit.map((value) => value * 1.0009),
        codes,
        levels,
      );
      const rest = unit.map((value, at) => value - codes[at]! * scale);
      expect(Math.hypot(...rest)).toBeCloseTo(error, 6);
      expect(error).toBeLessThan(most);
      expect(Math.max(...codes.map(Math.abs))).toBe(levels);
    }
  });

  it('leaves out nothing of a vector along one axis', () => {
    const codes = new Int8Array(3);
    expect(quantise(Float32Array.of(0, -1, 0), codes, 127)).toEqual({ scale: 1 / 127, error: 0 });
    expect([...codes]).toEqual([0, -127, 0]);
  });
});
