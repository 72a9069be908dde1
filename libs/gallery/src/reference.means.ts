import type { EnsuredIndex } from './ensured.index.js';
import type { SearchScope } from './candidate.search.js';

/** No person has more references, so all of them are among the nearest this many. */
const ALL_REFERENCES = 1000;

/** For every face the mean of its cosines with all reference faces of each of its persons. */
export interface MeansWanted {
  /** Unit length. */
  readonly vector: Float32Array;
  readonly personIds: readonly string[];
}

/**
 * Mean cosine, -1..1, by person id, one map per face. A person whose references are not in the index (any more) has
 * none. One search per person, for all faces that may be him.
 */
export async function meansOf(
  index: EnsuredIndex,
  { tenant, collection, contract }: SearchScope,
  faces: readonly MeansWanted[],
): Promise<ReadonlyMap<string, number>[]> {
  const means = faces.map(() => new Map<string, number>());
  for (const personId of new Set(faces.flatMap(({ personIds }) => personIds))) {
    const rows = [...faces.keys()].filter((row) => faces[row]!.personIds.includes(personId));
    const vectors = rows.map((row) => faces[row]!.vector);
    const filter = { tenant, collection, kind: 'person', personId } as const;
    const found = await index.with(contract, vectors, (ready) =>
      ready.search(contract, vectors, filter, ALL_REFERENCES),
    );
    rows.forEach((row, i) => {
      const scores = found[i] ?? [];
      const sum = scores.reduce((total, { score }) => total + score, 0);
      if (scores.length > 0) means[row]!.set(personId, sum / scores.length);
    });
  }
  return means;
}
