import { countScores, grouped, rocFromCounts } from '@facelane/vision';
import { describe, expect, it } from 'vitest';
import { linearAxis, logAxis, percentLabel, placeOn } from './chart.axis.js';
import { verificationCharts } from './verification.charts.js';

const measured = (genuine: readonly number[], impostor: readonly number[]) => {
  const counts = countScores({ genuine, impostor });
  return {
    roc: rocFromCounts(counts),
    histogram: { genuine: grouped(counts.genuine, 100), impostor: grouped(counts.impostor, 100) },
    impostorPairs: impostor.length,
    points: [{ limit: 0.01, threshold: 0.5, fmr: 0.01, tar: 0.9 }],
  };
};
const impostor = Array.from({ length: 1000 }, (_, i) => -0.2 + i / 1400);

describe('verificationCharts', () => {
  it('draws a curve, its points and both histograms, with axes that say what they measure', () => {
    const drawn = verificationCharts(measured(Array.from({ length: 200 }, (_, i) => 0.35 + i / 400), impostor)); // prettier-ignore
    expect(drawn).toHaveLength(4);
    const [roc, det, linear] = drawn.map(({ text }) => text);
    expect(roc).toMatch(/<circle[^>]*>.*90\.00 %/s);
    expect(det).toMatch(/false non-match rate \(log scale\).*10\.00 %/s);
    expect(linear).toContain('share of the pairs per 0.02 of cosine');
    expect(linear?.match(/class="area/g)).toHaveLength(2);
    for (const { text } of drawn) expect(text).not.toMatch(/NaN|undefined|Infinity/);
  });

  it('leaves out the errors of a model that makes none', () => {
    expect(
      verificationCharts(measured([0.9, 0.95], impostor))
        .map(({ text }) => text)
        .join(),
    ).not.toContain('DET');
  });
});

describe('axes', () => {
  it('has powers of ten down to below the lowest value', () => {
    const axis = logAxis('rate', 8e-8);
    expect(axis.ticks.map(({ label }) => label)).toEqual(['1e-8', '1e-7', '1e-6', '1e-5', '1e-4', '1e-3', '1e-2', '1e-1', '1']); // prettier-ignore
    expect([1e-8, 1e-4, 1].map((value) => placeOn(axis, value))).toEqual([0, expect.closeTo(0.5, 12), 1]);
    expect([0, -2, -4].map(percentLabel)).toEqual(['100 %', '1 %', '0.01 %']);
  });

  it('has round steps, and keeps what lies outside at the end', () => {
    const axis = linearAxis('share', 0.9, 1, (value) => value.toFixed(2));
    expect(axis.ticks.map(({ label }) => label)).toEqual(['0.90', '0.92', '0.94', '0.96', '0.98', '1.00']);
    expect([0.5, 0.95, 2].map((value) => placeOn(axis, value))).toEqual([0, expect.closeTo(0.5, 12), 1]);
  });
});
