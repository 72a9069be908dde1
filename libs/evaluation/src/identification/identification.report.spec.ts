import { describe, expect, it } from 'vitest';
import { identificationReport } from './identification.report.js';

const photo = (path: string, degrees?: number) => ({
  path,
  person: path.slice(0, path.indexOf('/')),
  vector:
    degrees === undefined
      ? undefined
      : Float32Array.of(Math.cos((degrees / 180) * Math.PI), Math.sin((degrees / 180) * Math.PI)),
});
const options = { threads: 1, source: 'people' };

/** Enrolled at 0, 90 and nowhere. Searches: right; right and farther; nearer to Bob; no face; of somebody unenrollable. */
const photos = {
  gallery: [photo('Ada/1', 0), photo('Bob/1', 90), photo('Cleo/1')],
  mated: [photo('Ada/2', 10), photo('Ada/3', 40), photo('Ada/4', 60), photo('Bob/2'), photo('Cleo/2', 170)],
  strangers: [photo('Finn/1', 130), photo('Finn/2', 180), photo('Gus/1', 270), photo('Gus/2')],
};

describe('identificationReport', () => {
  it('misses what has no face, and leaves strangers without one out', async () => {
    const report = await identificationReport(photos, [1, 0.5], options);
    expect(report).toMatchObject({
      ...{ enrolledPeople: 3, enrolmentsWithoutFace: 1, matedSearches: 5, matedSearchesWithoutFace: 1 },
      ...{ strangerSearches: 3, strangerPeople: 2, rank1: 2 / 5 },
    });
    expect(report.cmc.slice(0, 3)).toEqual([0.4, 0.6, 0.6]);
    // Three searches bear no rate but 1, at which everything is returned.
    expect(report.points).toMatchObject([{ limit: 1, fpir: 1, dir: 0.4 }]);
    expect(report.unstated).toEqual([0.5]);
  });

  it('finds the threshold among strangers', async () => {
    // Of 600 strangers six may pass 1 %: those nearest to Ada, at 21° to 26°, so that 27° is refused.
    const near = Array.from({ length: 600 }, (_, i) => photo(`S${i}/1`, i < 10 ? 21 + i : 200));
    const { points } = await identificationReport({ ...photos, strangers: near }, [0.01], options);
    expect(points).toMatchObject([{ limit: 0.01, fpir: 0.01, dir: 1 / 5 }]);
    expect(points[0]!.threshold).toBeCloseTo(Math.cos((27 / 180) * Math.PI), 4);
    expect(points[0]!.dirInterval!.low).toBeLessThan(0.2);
  });

  it('gives ranks alone when nobody is a stranger', async () => {
    const report = await identificationReport({ ...photos, strangers: [] }, [0.01], options);
    expect(report).toMatchObject({ rank1: 0.4, points: [], unstated: [0.01], curve: [] });
  });

  it('says that there is nothing to enrol, or to search with', async () => {
    const blind = { ...photos, gallery: [photo('Ada/1')] };
    await expect(identificationReport(blind, [], options)).rejects.toThrow('any of the 1 photos to enrol in people');
    const mute = { ...photos, mated: [photo('Ada/2')] };
    await expect(identificationReport(mute, [], options)).rejects.toThrow('any of the 1 photos to search with');
  });
});
