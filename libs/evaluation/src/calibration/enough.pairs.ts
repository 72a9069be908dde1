import { UsageError } from '@facelane/contracts';
import { countForRate, lowestRate } from '@facelane/vision';
import { impostorPairs, type PersonCounts } from '../verification/labelled.photos.js';

/** With fewer people a resample of them is too much like every other for the interval to be worth stating. */
const LEAST_PEOPLE = 20;

/**
 * Whether a threshold at that false match rate can be had from these people: by the rule of 30, thirty false matches
 * must be expected, and there must be people to resample.
 *
 * @throws UsageError saying what is missing, and which rate can be had.
 */
export function requireEnough(people: readonly PersonCounts[], fmr: number, source: string): void {
  const seen = people.filter(({ faces }) => faces > 0).length;
  if (seen < LEAST_PEOPLE) {
    throw new UsageError(
      `${source} holds faces of ${seen} people; a threshold needs ${LEAST_PEOPLE} at least, since its interval comes from drawing other people from them.`,
      'Add folders of more people.',
    );
  }
  const pairs = impostorPairs(people);
  const needed = countForRate(fmr);
  if (pairs >= needed) return;
  const faces = people.reduce((sum, person) => sum + person.faces, 0);
  const lowest = roundedUp(lowestRate(pairs));
  throw new UsageError(
    `A false match rate of ${fmr} needs ${needed} pairs of two people, so that 30 false matches are expected (rule of 30); the ${faces} faces of ${seen} people in ${source} make ${pairs}.`,
    `Add photos of more people, ${facesFor(needed)} faces of as many people make enough pairs${lowest < 0.1 ? `, or ask for --fmr ${lowest}` : ''}.`,
  );
}

/** Faces of as many people that make that many pairs: the least n with n (n − 1) / 2 ≥ pairs. */
const facesFor = (pairs: number): number => Math.ceil((1 + Math.sqrt(1 + 8 * pairs)) / 2);

/** To one digit, and never below. */
function roundedUp(rate: number): number {
  const power = 10 ** Math.floor(Math.log10(rate));
  return Number((Math.ceil((rate / power) * (1 - 1e-9)) * power).toPrecision(1));
}
