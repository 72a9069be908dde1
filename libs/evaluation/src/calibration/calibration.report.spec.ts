import { UsageError } from '@facelane/contracts';
import { l2Normalise } from '@facelane/vision';
import { describe, expect, it } from 'vitest';
import { calibrationReport } from './calibration.report.js';

const DIMENSION = 16;
const options = { threads: 1, source: 'people' };

/** Numbers without a pattern that matters: people in all directions, photos of one near each other. */
const wave = (seed: number): Float32Array =>
  Float32Array.from({ length: DIMENSION }, (_, d) => Math.sin(seed * 12.9898 + d * 78.233) * 43758.5453).map(
    (value) => value - Math.floor(value) - 0.5,
  );

const face = (person: number, photo: number): Float32Array => {
  const [centre, away] = [wave(person + 1), wave(1000 + person * 7 + photo)];
  return l2Normalise(centre.map((value, d) => value + 0.4 * away[d]!));
};
const folder = (people: number, photos: number) =>
  Array.from({ length: people * photos }, (_, i) => {
    const [person, photo] = [Math.floor(i / photos), i % photos];
    return { path: `P${person}/${photo}.jpg`, person: `P${person}`, vector: face(person, photo) };
  });

describe('calibrationReport', () => {
  it('finds a threshold, its interval, and the bar of the review below it', async () => {
    const { match, review, impostorPairs } = await calibrationReport(folder(60, 3), 0.01, options);
    expect(impostorPairs).toBe((180 * 179) / 2 - 60 * 3);
    expect(match.fmr).toBeLessThanOrEqual(0.01);
    expect(match.fmr).toBeGreaterThan(0.009);
    expect(match.thresholdInterval!.low).toBeLessThanOrEqual(match.threshold);
    expect(match.thresholdInterval!.high).toBeGreaterThanOrEqual(match.threshold);
    expect(match.fmrInterval!.low).toBeLessThan(match.fmr);
    expect(match.fmrInterval!.high).toBeGreaterThan(match.fmr);
    expect(match.tarInterval).toBeDefined();
    expect(review.limit).toBeCloseTo(0.1, 12);
    expect(review.threshold).toBeLessThan(match.threshold);
  });

  it('finds a photo in the wrong folder, and a person in two', async () => {
    const photos = folder(60, 3);
    // The second photo of P7 shows P9, and P21 is P20 under another name.
    photos[7 * 3 + 1]!.vector = face(9, 50);
    for (const photo of [0, 1, 2]) photos[21 * 3 + photo]!.vector = face(20, 60 + photo);
    const { confusable } = await calibrationReport(photos, 0.01, options);
    expect([confusable.genuine[0]!.first.path, confusable.genuine[0]!.second.path]).toContain('P7/1.jpg');
    const folders = confusable.impostor.slice(0, 2).map(({ first, second }) => `${first.person} ${second.person}`);
    expect(folders.sort()).toEqual(['P20 P21', 'P7 P9']);
  });

  it.each([
    ['too few pairs for the rate', folder(60, 3), 1e-3, '30000 pairs of two people', '246 faces of as many people'],
    ['a rate that can be had', folder(60, 3), 1e-3, 'make 15930', 'ask for --fmr 0.002'],
    ['too few people', folder(19, 40), 0.01, 'people holds faces of 19 people', 'Add folders'],
    ['one person', folder(1, 3), 0.01, 'of one person, P0', 'Add folders of other people'],
    ['one photo each', folder(60, 1), 0.01, 'Nobody in people has two photos', 'Add more photos'],
  ])('says what is missing: %s', async (_what, photos, fmr, message, remedy) => {
    const failed: unknown = await calibrationReport(photos, fmr, options).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(UsageError);
    expect((failed as UsageError).message).toContain(message);
    expect((failed as UsageError).remedy).toContain(remedy);
  });

  it('refuses a rate that leaves no room for a review', async () => {
    await expect(calibrationReport(folder(60, 3), 0.1, options)).rejects.toThrow(RangeError);
  });
});
