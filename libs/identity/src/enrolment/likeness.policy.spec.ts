import { expect, it } from 'vitest';
import { checkLikeness } from './likeness.policy.js';

const thresholds = { match: { cosine: 0.6, fmr: 1e-4 }, review: { cosine: 0.4, fmr: 1e-3 } };

it.each([
  ['nobody to compare with', {}, undefined],
  ['a first photo like nobody', { other: 0.5999 }, undefined],
  ['a first photo like somebody else', { other: 0.6 }, ['too_like_other_person', 0.6, 0.6]],
  ['like both, more like its own', { own: 0.7, other: 0.69 }, undefined],
  ['as like both, such as one photo of two people', { own: 1, other: 1 }, undefined],
  ['like both, more like the other', { own: 0.69, other: 0.7 }, ['too_like_other_person', 0.7, 0.6]],
  ['like its own at the bar', { own: 0.4, other: 0.5 }, undefined],
  ['unlike its own', { own: 0.39, other: 0.5 }, ['unlike_own_references', 0.39, 0.4]],
])('%s', (_case, likeness, refusal) => {
  const found = checkLikeness(likeness, thresholds);
  expect(found && [found.reason, found.measured, found.bar]).toEqual(refusal);
});
