import { describe, expect, it } from 'vitest';
import { parseLfwPairs } from './lfw.pairs.js';
import { developmentReport, tenFoldReport } from './lfw.protocol.js';

/** Unit vectors at an angle in degrees: cosines are easy to read. */
const at = (degrees: number): Float32Array =>
  Float32Array.of(Math.cos((degrees / 180) * Math.PI), Math.sin((degrees / 180) * Math.PI));

const DEV = '1\nAda\t1\t2\nAda\t1\tBob\t1\n';
const vectors = new Map([
  ['Ada/Ada_0001.jpg', at(0)],
  ['Ada/Ada_0002.jpg', at(20)],
  ['Bob/Bob_0001.jpg', at(90)],
]);

describe('parseLfwPairs', () => {
  it('reads both kinds of list', () => {
    expect(parseLfwPairs(DEV)).toEqual([
      [
        { first: { person: 'Ada', number: 1 }, second: { person: 'Ada', number: 2 }, same: true },
        { first: { person: 'Ada', number: 1 }, second: { person: 'Bob', number: 1 }, same: false },
      ],
    ]);
    expect(parseLfwPairs(`2\t1\n${DEV.slice(2)}${DEV.slice(2)}`)).toHaveLength(2);
  });

  it('names the line that does not fit', () => {
    expect(() => parseLfwPairs('1\nAda\t1\t2\nAda\tone\tBob\t1\n')).toThrow('Line 3');
    expect(() => parseLfwPairs('2\nAda\t1\t2\n')).toThrow('announces 4 pairs and holds 1');
    expect(() => parseLfwPairs('')).toThrow('Line 1');
  });
});

describe('the protocols', () => {
  const [pairs = []] = parseLfwPairs(DEV);

  it('chooses the threshold on the training pairs', () => {
    const report = developmentReport(pairs, pairs, vectors);
    expect(report).toMatchObject({ accuracy: 1, pairs: 2, photos: 3, photosWithoutFace: 0 });
    expect(report.threshold).toBeCloseTo(Math.cos((20 / 180) * Math.PI) / 2, 6);
  });

  it('counts a photo without a face as an error of every pair it is in', () => {
    const blind = new Map([...vectors, ['Ada/Ada_0002.jpg', undefined]] as const);
    expect(developmentReport(pairs, pairs, vectors).accuracy).toBe(1);
    const training = parseLfwPairs('1\nEve\t1\t2\nEve\t1\tBob\t1\n').flat();
    const eve = [
      ['Eve/Eve_0001.jpg', at(0)],
      ['Eve/Eve_0002.jpg', at(20)],
    ] as const;
    expect(developmentReport(training, pairs, new Map([...blind, ...eve])).accuracy).toBe(0.5);
    expect(() => developmentReport(pairs, pairs, new Map())).toThrow('no genuine scores');
  });

  it('averages the folds', () => {
    expect(tenFoldReport([pairs, pairs], vectors)).toMatchObject({ accuracy: 1, standardError: 0, pairs: 4 });
  });
});
