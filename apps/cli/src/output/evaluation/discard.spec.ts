import { discardReport } from '@facelane/evaluation';
import { expect, it } from 'vitest';
import { discardChart } from './discard.chart.js';
import { discardLines, discardRows } from './discard.text.js';

/** Forty people with two faces each; every tenth pair is missed, and has a face of low utility. */
const faces = Array.from({ length: 40 }, (_, i) => {
  const isMissed = i % 10 === 0;
  return [
    { person: `P${i}`, vector: Float32Array.of(1, 0), utility: isMissed ? 30.5 : 90 },
    { person: `P${i}`, vector: isMissed ? Float32Array.of(0, 1) : Float32Array.of(1, 0), utility: 95.25 },
  ];
}).flat();
const discard = (given = faces) => ({ limit: 1e-4, ...discardReport(given, { threshold: 0.5 }) });

it('draws utility beside chance, with axes that say what they measure', () => {
  const { text } = discardChart(discard());
  expect(text).toContain('share of the faces that is discarded');
  expect(text).toContain('false non-match rate at FMR 1e-4');
  expect(text).toMatch(/FNMR 10\.00 % without 0 %, .*FNMR 0\.00 % without 5 %/);
  for (const kind of ['first', 'second', 'guide']) expect(text).toMatch(new RegExp(`class="line ${kind}" d="M\\d`));
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
});

it('draws a model that misses nothing, and one of which nothing is left', () => {
  const good = faces.filter(({ utility }) => utility === 90);
  const one = { ...good[0]!, person: 'again' };
  for (const given of [[...good, ...good], [one, one, one], [one]]) {
    expect(discardChart(discard(given)).text).not.toMatch(/NaN|undefined|Infinity/);
  }
});

it('tells every step in a line, and in a row of the table', () => {
  const lines = discardLines(discard());
  expect(lines[0]).toBe('FNMR       10.00 % at FMR 1e-4, 4 of 40 pairs');
  expect(lines[3]).toMatch(/^FNMR {7}0\.00 % at FMR 1e-4 without the 5 % of utility below 90\.0, 0 of 36 pairs; at random \d+\.\d\d ± \d\.\d\d %$/); // prettier-ignore
  expect(discardRows(discard())[3]!.slice(0, 5)).toEqual(['5 %', '90.0', '36', '0', '0.00 %']);
  expect(discardRows(discard([faces[0]!]))[0]).toEqual(['0 %', '', '0', '0', 'no pair left', '']);
});
