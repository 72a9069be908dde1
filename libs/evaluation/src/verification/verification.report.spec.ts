import { UsageError } from '@facelane/contracts';
import { describe, expect, it } from 'vitest';
import { impostorPairs, lostPairs } from './labelled.photos.js';
import { verificationReport } from './verification.report.js';

/** Unit vectors at an angle in degrees: cosines are easy to read. */
const at = (degrees: number): Float32Array =>
  Float32Array.of(Math.cos((degrees / 180) * Math.PI), Math.sin((degrees / 180) * Math.PI));

const photo = (path: string, degrees?: number) => ({
  path,
  person: path.slice(0, path.indexOf('/')),
  vector: degrees === undefined ? undefined : at(degrees),
});
const options = { threads: 1, source: 'people' };

/** Genuine: cos 20, and two that are lost. Impostor: Ada's two faces with Bob's one and Eve's one, and Bob with Eve. */
const photos = [photo('Ada/1', 0), photo('Ada/2', 20), photo('Ada/3'), photo('Bob/1', 80), photo('Eve/1', 140)];

describe('verificationReport', () => {
  it('loses the genuine pairs of a photo without a face, and leaves its impostor pairs out', async () => {
    const report = await verificationReport(photos, [0.8], options);
    expect(report).toMatchObject({
      ...{ photos: 5, people: 3, photosWithoutFace: 1 },
      ...{ genuinePairs: 3, lostGenuinePairs: 2, impostorPairs: 5 },
    });
    // At most four of the five impostor pairs may pass: cos 60, cos 80, and both others above cos 140.
    expect(report.points).toMatchObject([{ limit: 0.8, fmr: 0.8, tar: 1 / 3 }]);
    expect(report.points[0]!.threshold).toBeCloseTo(Math.cos((140 / 180) * Math.PI), 4);
    expect(report.roc.at(-1)).toMatchObject({ fmr: 1, tar: 1 / 3 });
    expect(report.histogram.impostor.reduce((sum, pairs) => sum + pairs, 0)).toBe(5);
  });

  it('states no rate that too few pairs bear', async () => {
    const report = await verificationReport(photos, [0.8, 0.5], options);
    expect(report.points.map(({ limit }) => limit)).toEqual([0.8]);
    expect(report.unstated).toEqual([0.5]);
  });

  it('has an interval over people', async () => {
    // Twenty people with one genuine pair each: half of them look like themselves.
    const people = Array.from({ length: 20 }, (_, i) => [
      photo(`P${i}/1`, 18 * i),
      photo(`P${i}/2`, 18 * i + (i % 2 === 0 ? 0 : 40)),
    ]).flat();
    const { points } = await verificationReport(people, [0.05], options);
    const { tar, tarInterval } = points[0]!;
    expect(tar).toBeCloseTo(0.5, 12);
    // Half of twenty: standard error √(0.25 / 20) = 0.112.
    expect(tarInterval!.low).toBeGreaterThan(0.2);
    expect(tarInterval!.low).toBeLessThan(0.35);
    expect(tarInterval!.high).toBeGreaterThan(0.65);
  });

  it.each([
    ['no face', [photo('Ada/1'), photo('Bob/1')], 'No face was found in any of the 2 photos in people.'],
    ['one person', [photo('Ada/1', 0), photo('Ada/2', 9)], 'All photos in people are of one person, Ada'],
    ['one person with a face', [photo('Ada/1', 0), photo('Bob/1')], 'only Ada has a photo with a face'],
    ['one photo each', [photo('Ada/1', 0), photo('Bob/1', 9)], 'Nobody in people has two photos with a face'],
  ])('says what is missing: %s', async (_what, given, message) => {
    const failed: unknown = await verificationReport(given, [0.8], options).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(UsageError);
    expect((failed as UsageError).message).toContain(message);
    expect((failed as UsageError).remedy).not.toBe('');
  });
});

it('counts pairs as if they were listed', () => {
  const people = [3, 1, 2].map((faces, at) => ({ name: `${at}`, photos: faces + 1, faces }));
  expect(impostorPairs(people)).toBe(3 * 1 + 3 * 2 + 1 * 2);
  // The first twice, the second not at all: three and three faces with two each, and nothing between the copies.
  expect(impostorPairs(people, [2, 0, 1])).toBe(2 * 3 * 2);
  expect(lostPairs(people)).toBe(6 - 3 + (1 - 0) + (3 - 1));
});
