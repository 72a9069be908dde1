import { expect, it } from 'vitest';
import { likestStrangers, unlikestSelves } from './confusable.pairs.js';

const photos = ['Ada/1', 'Ada/2', 'Ada/3', 'Bob/1', 'Bob/2'].map((path) => ({ path, person: path.slice(0, 3) }));
const part = (pairs: readonly (readonly [number, number, number])[]) => ({
  first: Int32Array.from(pairs, ([first]) => first),
  second: Int32Array.from(pairs, ([, second]) => second),
  score: Float64Array.from(pairs, ([, , score]) => score),
});
const names = (pairs: ReturnType<typeof likestStrangers>): string[] =>
  pairs.map(({ first, second, cosine }) => `${first.path} ${second.path} ${cosine}`);

it('names two people once, with their most similar photos', () => {
  const parts = [part([[0, 3, 0.4]]), part([[1, 3, 0.8], [2, 4, 0.6]])]; // prettier-ignore
  expect(names(likestStrangers(parts, photos, 5))).toEqual(['Ada/2 Bob/1 0.8']);
});

it('names a photo that is unlike all others of its folder once', () => {
  // Ada/3 is somebody else.
  const parts = [part([[0, 2, 0.02], [1, 2, 0.01], [0, 1, 0.7]]), part([[3, 4, 0.3]])]; // prettier-ignore
  expect(names(unlikestSelves(parts, photos, 5))).toEqual(['Ada/2 Ada/3 0.01', 'Bob/1 Bob/2 0.3']);
  expect(unlikestSelves(parts, photos, 1)).toHaveLength(1);
});
