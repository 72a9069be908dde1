import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  COLLECTION_DOCUMENT,
  CONTRACT,
  direction,
  DIMENSION,
  matchJob,
} from '../../stages/src/testing/stage.samples.js';
import { Identifier } from './identifier.js';
import { PairComparer } from './pair-comparer.port.js';
import { PairProbability } from './pair.probability.js';
import { embeddingsOf, keyOf, TestGallery } from './testing/gallery.fixture.js';

let gallery: TestGallery;
/** How many pairs each call was of. */
let asked: number[];
beforeEach(async () => {
  gallery = await TestGallery.open();
  asked = [];
});
afterEach(() => gallery.close());

/** Surer of a pair the nearer its cosine is to 0.7. */
class NearComparer extends PairComparer {
  constructor(override readonly contract: string) {
    super();
  }

  override probabilities(first: Float32Array, second: Float32Array): Promise<Float32Array> {
    asked.push(first.length / DIMENSION);
    const said = Float32Array.from({ length: first.length / DIMENSION }, (_, row) => {
      let cosine = 0;
      for (let at = row * DIMENSION; at < (row + 1) * DIMENSION; at++) cosine += first[at]! * second[at]!;
      return 1 - Math.abs(cosine - 0.7);
    });
    return Promise.resolve(said);
  }
}
const identifier = (contract = CONTRACT): Identifier =>
  new Identifier(gallery.index, gallery.stores.people, new NearComparer(contract));
const recognise = async (vectors: readonly Float32Array[], by = identifier()) =>
  by.recognise(matchJob(1), COLLECTION_DOCUMENT, embeddingsOf(vectors));

describe('candidates of a contract with a comparer', () => {
  beforeEach(async () => {
    for (const [name, cosine] of [
      ['Ada', 0.95],
      ['Bo', 0.72],
      ['Cy', 0.5],
      ['Di', 0.3],
    ] as const)
      await gallery.enrol(name, direction(0, cosine));
  });

  it('stand in its order from the review bar up, with the scores they have', async () => {
    const [face] = await recognise([direction(0)]);
    expect(face!.candidates.map(({ name }) => name)).toEqual(['Bo', 'Cy', 'Ada', 'Di']);
    const [bo, cy, ada, di] = face!.candidates;
    expect(bo!.score).toBeCloseTo(0.72, 5);
    expect(bo!.probability).toBeCloseTo(0.98, 5);
    expect(cy!.probability).toBeCloseTo(0.8, 5);
    expect(ada!.probability).toBeCloseTo(0.75, 5);
    // Below the bar nobody is compared, and nobody comes before who is above.
    expect(di).not.toHaveProperty('probability');
    expect(face).toMatchObject({ decision: 'match', personId: keyOf('Bo').id, threshold: { cosine: 0.6 } });
    expect(face!.margin).toBeCloseTo(0.22, 5);
    // One question for all pairs of the photo.
    expect(asked).toEqual([3]);
  });

  it('are decided by the score of the first, which may be below the bar of a match', async () => {
    await gallery.enrol('Ed', direction(2, 0.55));
    await gallery.enrol('Flo', direction(2, 0.99));
    const [face] = await recognise([direction(2)]);
    expect(face!.candidates.slice(0, 2).map(({ name }) => name)).toEqual(['Ed', 'Flo']);
    expect(face).toMatchObject({ decision: 'review', personId: keyOf('Ed').id });
    expect(face!.margin).toBeLessThan(0);
  });

  it('give each person to the face that the sum of probabilities favours', async () => {
    // By the cosine the first face would be Ada and the second Bo.
    const faces = await recognise([direction(0), direction(0, 0.99)]);
    const sum = faces.reduce((total, { personId, candidates }) => {
      return total + (candidates.find((candidate) => candidate.personId === personId)?.probability ?? 0);
    }, 0);
    expect(new Set(faces.map(({ personId }) => personId)).size).toBe(2);
    expect(sum).toBeGreaterThan(1.7);
  });

  it('stand in the order of the cosine when it is of another contract, and where nobody is near', async () => {
    const [face] = await recognise([direction(0)], identifier('other-8-00000000'));
    expect(face!.candidates.map(({ name }) => name)).toEqual(['Ada', 'Bo', 'Cy', 'Di']);
    expect(face!.candidates[0]).not.toHaveProperty('probability');
    const [stranger] = await recognise([direction(5)]);
    expect(stranger!.decision).toBe('none');
    expect(asked).toEqual([]);
  });
});

describe('the probability of one pair', () => {
  const probability = (contract = CONTRACT): PairProbability =>
    new PairProbability(gallery.index, new NearComparer(contract));

  it('is what the comparer says of two faces, or of a face and a reference', async () => {
    expect(await probability().between(CONTRACT, direction(0), direction(0, 0.7))).toBeCloseTo(1, 5);
    const enrolment = await gallery.enrol('Ada', direction(0, 0.5));
    if (enrolment.outcome !== 'accepted') throw new Error('Ada was refused.');
    const { referenceId } = enrolment;
    expect(await probability().withReference(CONTRACT, direction(0), referenceId)).toBeCloseTo(0.8, 5);
    await gallery.stores.index.deleteByIds(CONTRACT, [referenceId]);
    expect(await probability().withReference(CONTRACT, direction(0), referenceId)).toBeUndefined();
  });

  it('is unknown without a comparer of the contract', async () => {
    expect(await probability('other-8-00000000').between(CONTRACT, direction(0), direction(0))).toBeUndefined();
    const none = new PairProbability(gallery.index);
    expect(await none.withReference(CONTRACT, direction(0), keyOf('Ada').id)).toBeUndefined();
  });
});
