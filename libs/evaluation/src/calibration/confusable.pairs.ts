import type { PairColumns } from '../pairs/pair.tasks.js';
import type { LabelledPhoto } from '../verification/labelled.photos.js';

/** Two photos whose score speaks against their folders. */
export interface ConfusablePair {
  readonly first: PhotoName;
  readonly second: PhotoName;
  readonly cosine: number;
}

export interface PhotoName {
  readonly person: string;
  readonly path: string;
}

type Pair = readonly [score: number, first: LabelledPhoto, second: LabelledPhoto];

/** The impostor pairs with the highest scores, highest first; of two people, their most similar photos alone. */
export function likestStrangers(
  parts: readonly PairColumns[],
  photos: readonly LabelledPhoto[],
  count: number,
): ConfusablePair[] {
  const seen = new Set<string>();
  return taken(
    pairsOf(parts, photos).sort(([a], [b]) => b - a),
    count,
    ([, first, second]) => {
      const people = JSON.stringify([first.person, second.person].sort());
      if (seen.has(people)) return false;
      seen.add(people);
      return true;
    },
  );
}

/** The genuine pairs with the lowest scores, lowest first; no photo twice, so that one wrong photo does not fill the list. */
export function unlikestSelves(
  parts: readonly PairColumns[],
  photos: readonly LabelledPhoto[],
  count: number,
): ConfusablePair[] {
  const seen = new Set<string>();
  return taken(
    pairsOf(parts, photos).sort(([a], [b]) => a - b),
    count,
    ([, first, second]) => {
      if (seen.has(first.path) || seen.has(second.path)) return false;
      seen.add(first.path).add(second.path);
      return true;
    },
  );
}

const pairsOf = (parts: readonly PairColumns[], photos: readonly LabelledPhoto[]): Pair[] =>
  parts.flatMap(({ first, second, score }) =>
    Array.from(score, (value, at): Pair => [value, photos[first[at]!]!, photos[second[at]!]!]),
  );

function taken(pairs: readonly Pair[], count: number, isNew: (pair: Pair) => boolean): ConfusablePair[] {
  const found: ConfusablePair[] = [];
  for (const pair of pairs) {
    if (found.length === count) break;
    if (isNew(pair)) found.push({ first: nameOf(pair[1]), second: nameOf(pair[2]), cosine: pair[0] });
  }
  return found;
}

const nameOf = ({ person, path }: LabelledPhoto): PhotoName => ({ person, path });
