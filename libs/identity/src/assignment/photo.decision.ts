import type { CollectionDocument } from '@facelane/contracts';
import type { PersonScore } from '../candidates.js';
import { decide, decideOn, type IdentityDecision, marginOf } from '../decision.policy.js';
import { maximumAssignment } from './maximum.assignment.js';

/** A face of a photo and everybody it may be. */
export interface FaceToDecide {
  /** Place of the face within the photo. */
  readonly index: number;
  /** Best person first, as bestPerPerson gives them or a comparer ranks them. */
  readonly candidates: readonly PersonScore[];
  /** Id of the person that somebody said it is; scores do not change that. */
  readonly stated?: string;
}

export interface FaceDecision extends IdentityDecision {
  /** Index of the face that the best candidate was given to, when this face would have had him on its own. */
  readonly displacedBy?: number;
}

/**
 * So small that it decides nothing but this: a score that is exactly at the review bar is worth more than nothing.
 * Cosines of float32 vectors lie 6e-8 apart.
 */
const AT_THE_BAR = 1e-9;

type Thresholds = CollectionDocument['thresholds'];

/**
 * Decides all faces of a photo. Somebody can be in a photo once, so of several faces that resemble one person at most
 * one is given him: the one for which the photo as a whole fits best. What is maximised is the total by which the
 * scores of the faces with a person exceed the review bar. The bar is taken off because a score at the bar says
 * nothing yet; were the scores themselves added up, two strangers just above the bar would outweigh one sure match.
 * Where a comparer gave probabilities, their sum is maximised instead.
 *
 * Match and review are then decided on the score with the given person, who is not always the best candidate: a face
 * whose best candidate went elsewhere says so in `displacedBy` and has its next best plausible person or none. Stated
 * faces keep their person, also when two of them name the same one, and no other face is given him. Candidates and
 * margin know nothing of other faces: they are about the face alone.
 *
 * @returns one decision per face, in their order. Without `onePersonPerPhoto` each face is decided on its own.
 */
export function decidePhoto(
  faces: readonly FaceToDecide[],
  thresholds: Thresholds,
  onePersonPerPhoto = true,
): FaceDecision[] {
  const owners = new Map<string, number>();
  for (const { stated, index } of faces) if (stated !== undefined) owners.set(stated, index);
  const given = onePersonPerPhoto ? giveOut(faces, owners, thresholds.review.cosine) : undefined;
  return faces.map((face): FaceDecision => {
    const { candidates, stated } = face;
    if (stated !== undefined) {
      return { decision: 'match', personId: stated, threshold: thresholds.match, ...marginOf(candidates) };
    }
    if (given === undefined) return decide(candidates, thresholds);
    const chosen = given.get(face);
    return {
      ...decideOn(chosen, candidates, thresholds),
      ...displacement(candidates[0], chosen, owners, thresholds.review.cosine),
    };
  });
}

/** Whom each face without a stated person is given; notes in `owners` which face each person went to. */
function giveOut(
  faces: readonly FaceToDecide[],
  owners: Map<string, number>,
  bar: number,
): ReadonlyMap<FaceToDecide, PersonScore> {
  const plausible = faces
    .filter(({ stated }) => stated === undefined)
    .map((face) => ({
      face,
      scores: new Map(
        face.candidates
          .filter(({ score, personId }) => score >= bar && !owners.has(personId))
          .map((candidate) => [candidate.personId, candidate]),
      ),
    }))
    .filter(({ scores }) => scores.size > 0);
  const persons = [...new Set(plausible.flatMap(({ scores }) => [...scores.keys()]))].sort();
  const weights = plausible.map(({ scores }) => persons.map((id) => worth(scores.get(id), bar)));
  const given = new Map<FaceToDecide, PersonScore>();
  maximumAssignment(weights).forEach((column, row) => {
    if (column === undefined) return;
    const { face, scores } = plausible[row]!;
    given.set(face, scores.get(persons[column]!)!);
    owners.set(persons[column]!, face.index);
  });
  return given;
}

/** Probabilities add up to the names that are right, to be expected; cosines above the bar stand for them where there are none. */
const worth = (candidate: PersonScore | undefined, bar: number): number =>
  candidate === undefined ? 0 : (candidate.probability ?? candidate.score - bar) + AT_THE_BAR;

function displacement(
  best: PersonScore | undefined,
  chosen: PersonScore | undefined,
  owners: ReadonlyMap<string, number>,
  bar: number,
): { displacedBy?: number } {
  if (best === undefined || best.score < bar || best.personId === chosen?.personId) return {};
  const owner = owners.get(best.personId);
  return owner === undefined ? {} : { displacedBy: owner };
}
